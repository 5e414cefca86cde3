// The small signed files of the nodes in a bundle: up to where a feed goes, and what its node calls itself. Anybody can pack a file into
// a bundle, so nothing of them is believed that its node did not sign.
import type { NodeId } from '#core/contract/index.ts'
import { judgeHead, judgeProfile } from '#core/exchange/index.ts'
import {
  createVerifier,
  LIMITS,
  shortId,
  type Verdict,
  type Verifier,
  type VerifiedHead,
} from '#core/receipts/index.ts'
import type { Inspection } from './inspection.ts'
import { LINE_REMEDY } from './refusals.ts'
import type { BundleFile } from './types.ts'

type Judge<T> = (pass: { readonly verifier: () => Verifier }, node: NodeId, bytes: Uint8Array) => Verdict<T>

export class SignedNotes {
  readonly #inspection: Inspection
  #slowChecks = 0
  readonly #verifier = createVerifier({
    native: 'node',
    // A bundle of nothing but forged notes must not hold up the app.
    slowChecksAllowed: () => this.#slowChecks++ < LIMITS.slowChecksPerMinute,
  })

  constructor(inspection: Inspection) {
    this.#inspection = inspection
  }

  /** Each head that holds. */
  async *heads(): AsyncGenerator<VerifiedHead> {
    for (const [node, { heads, profiles, seens }] of this.#inspection.layout.nodes) {
      for (const file of heads) {
        const head = await this.#held(file, LIMITS.headBytes, node, judgeHead)
        this.#inspection.done(file)
        if (head !== null) yield head
      }
      for (const file of [...profiles, ...seens]) this.#inspection.done(file)
    }
  }

  /** What a node calls itself; a short form of its id where it says nothing that holds. */
  async nameOf(node: NodeId): Promise<string> {
    for (const file of this.#inspection.layout.nodes.get(node)?.profiles ?? []) {
      const profile = await this.#held(file, LIMITS.profileBytes, node, judgeProfile)
      if (profile !== null) return profile.name
    }
    return shortId(node)
  }

  /** What a file says, where its node signed it; what does not hold is refused. */
  async #held<T>(file: BundleFile, limitBytes: number, node: NodeId, judge: Judge<T>): Promise<T | null> {
    const { reader, refused } = this.#inspection
    const content = await reader.read(file, limitBytes)
    if (!content.ok) {
      refused.add(content.refusal)
      return null
    }
    const verdict = judge({ verifier: () => this.#verifier }, node, content.bytes)
    if (verdict.ok === true) return verdict.value
    const { reason, detail } = verdict.ok === 'deferred' ? NOT_CHECKED : verdict.refusal
    refused.add({ entry: file.name, reason, detail, remedy: LINE_REMEDY })
    return null
  }
}

const NOT_CHECKED = {
  reason: 'not-checked',
  detail: `It was not checked: the signatures of ${LIMITS.slowChecksPerMinute} other notes of the bundle do not hold.`,
}
