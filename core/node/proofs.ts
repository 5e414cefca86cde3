// Receipts and conflicts of this ledger as portable proofs. What leaves was checked here by the code that the exported page runs.
import type {
  ConflictId,
  ConflictReview,
  Instant,
  NodeId,
  ProofFile,
  ProofForm,
  ReceiptId,
} from '#core/contract/index.ts'
import { receiptById, receiptsOfNode, type Pause } from '#core/ledger/index.ts'
import { DecisionBody, profileReceiptOf } from '#core/network/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import {
  checkProofInPieces,
  commandsByHand,
  proofPage,
  proofText,
  PROOF_FORMAT,
  sealProof,
  type Proof,
  type ProvedConflict,
  type ProvedReceipt,
  type Role,
} from '#core/proof/index.ts'
import { conflictId } from '#core/reconcile/index.ts'
import { inclusionProof, publicKeyFromNodeId } from '#core/receipts/index.ts'
import type { AppCore } from './app-core.ts'
import { inclusionOf, ownHeadNow, type Inclusion } from './inclusion.ts'
import { pauseOn } from './pause.ts'
import { reviewOf } from './review.ts'
import type { Session } from './session.ts'
import { storedReceipt } from './stored-receipt.ts'

export interface ProofWish {
  readonly form: ProofForm
  readonly now: Instant
  /** Lets others be answered between two pieces of the work. */
  readonly pause: Pause
}

/** As the steward asked for it just now. */
export function proofWish({ deps: { clock, timers } }: AppCore, form: ProofForm): ProofWish {
  return { form, now: clock(), pause: pauseOn(timers) }
}

/** Null where the ledger does not hold the receipt. @throws StewardError PROOF_DOES_NOT_HOLD where this disk has changed it. */
export async function receiptProof(session: Session, id: ReceiptId, wish: ProofWish): Promise<ProofFile | null> {
  const row = receiptById(session.ledger.read, id)
  if (row === null) return null
  const collected = new Collected(session, wish.now)
  collected.add('receipt', id)
  collected.addContext()
  return proofFile(`receipt-${row.seq}-${short(id)}`, wish, {
    ...collected.proof(),
    conflict: null,
    stated: null,
  })
}

/** @throws StewardError NOT_FOUND, NOTHING_SIGNED for what only this node saw, PROOF_DOES_NOT_HOLD. */
export async function conflictProof(session: Session, id: ConflictId, wish: ProofWish): Promise<ProofFile> {
  const { now, pause } = wish
  const review = provable(session, await reviewOf(session, id, now))
  const { summary, members, quorum } = review
  if (members.length === 0 && summary.kind !== 'withheld') throw nothingSigned(summary.title)
  const collected = new Collected(session, now)
  for (const { receipt } of members) {
    // The tree of its whole feed is made for each.
    await pause()
    collected.add('member', receipt)
  }
  for (const { id: decision, withdrawn } of decisionsAbout(session, review)) {
    collected.add('decision', decision)
    if (withdrawn !== null) collected.add('withdrawal', withdrawn.receipt)
  }
  collected.addContext()
  return proofFile(`${summary.kind}-${short(id)}`, wish, {
    ...collected.proof(),
    conflict: provedConflict(session, review),
    stated: { status: summary.status, decisionsNeeded: quorum.needed },
  })
}

interface Provable extends Pick<ConflictReview, 'decisions' | 'quorum'> {
  readonly summary: Pick<ConflictReview['summary'], 'id' | 'kind' | 'subject' | 'task' | 'status' | 'title'>
  readonly members: readonly Pick<ConflictReview['members'][number], 'receipt'>[]
}

/**
 * A flooded fork is shown by the receipt before it, since nodes keep different stories of it. To somebody outside any two of them prove
 * it, so it is proved as the fork of the first two that are here.
 */
function provable({ ledger }: Session, review: ConflictReview): Provable {
  const { summary, members } = review
  const [before] = members
  if (summary.kind !== 'fork' || before === undefined || members.length > 1) return review
  const row = receiptById(ledger.read, before.receipt)
  invariant(row !== null, 'what a conflict names lies in the ledger')
  const { node, seq } = storedReceipt(row).receipt
  const told = [...receiptsOfNode(ledger.read, node, seq + 1, seq + 1)].slice(0, 2)
  const receipts = told.map(({ id }) => id)
  const { kind, subject, task } = summary
  const id = conflictId({ kind, subject, task, members: receipts })
  return { ...review, summary: { ...summary, id }, members: receipts.map((receipt) => ({ receipt })) }
}

/** Decisions that name a member of this conflict; earlier ones on other claims of the same nodes are beside the point. */
function decisionsAbout({ ledger }: Session, { decisions, members }: Provable): ConflictReview['decisions'] {
  const here = new Set(members.map(({ receipt }) => receipt))
  return decisions.filter(({ id }) => {
    const row = receiptById(ledger.read, id)
    invariant(row !== null, 'a decision is shown from a receipt of the ledger')
    const body = DecisionBody.safeParse(storedReceipt(row).receipt.body).data
    return body?.members.some((member) => here.has(member)) === true
  })
}

function provedConflict({ exchange }: Session, { summary, members }: Provable): ProvedConflict {
  const { id, kind, subject, task } = summary
  const withheld =
    kind === 'withheld'
      ? exchange
          .observations()
          .filter((seen) => seen.type === 'withheld')
          .find(({ node }) => node === subject)
      : undefined
  return {
    id,
    kind,
    subject,
    task,
    members: members.map(({ receipt }) => receipt).toSorted(),
    range: withheld === undefined ? null : [withheld.fromSeq, withheld.toSeq],
    head: withheld === undefined ? null : exchange.headNote(withheld.node),
  }
}

/** The receipts of one proof, each once for each role. */
class Collected {
  readonly #session: Session
  readonly #now: Instant
  readonly #receipts = new Map<string, ProvedReceipt>()
  readonly #signers = new Set<NodeId>()

  constructor(session: Session, now: Instant) {
    this.#session = session
    this.#now = now
  }

  add(role: Role, id: ReceiptId): void {
    const row = receiptById(this.#session.ledger.read, id)
    invariant(row !== null, 'what a proof is made of lies in the ledger')
    const { receipt, leaf, line } = storedReceipt(row)
    const included = inclusionOf(this.#session, receipt.node, receipt.seq)
    this.#signers.add(receipt.node)
    this.#receipts.set(`${role} ${id}`, {
      role,
      id,
      publicKey: base64(publicKeyFromNodeId(receipt.node) ?? new Uint8Array()),
      line,
      inclusion:
        included === null
          ? null
          : {
              index: included.index,
              size: included.leaves.length,
              leaf: base64(leaf),
              root: base64(included.root),
              path: inclusionProof(included.leaves, included.index).map(base64),
            },
      head: included === null ? null : this.#headOver(receipt.node, included),
    })
  }

  /** What everybody who signed calls itself, and the receipt that names the network. */
  addContext(): void {
    const { ledger } = this.#session
    const { network } = this.#session.file()
    if (network !== null && receiptById(ledger.read, network) !== null) this.add('network', network)
    for (const node of [...this.#signers].sort()) {
      const profile = profileReceiptOf(ledger.read, node)
      if (profile !== null) this.add('name', profile)
    }
  }

  proof(): Pick<Proof, 'format' | 'made' | 'receipts'> {
    return { format: PROOF_FORMAT, made: this.#now, receipts: [...this.#receipts.values()] }
  }

  #headOver(node: NodeId, included: Inclusion): string | null {
    if (included.head !== null) return included.head.note
    return node === this.#session.node ? ownHeadNow(this.#session, included, this.#now) : null
  }
}

async function proofFile(
  name: string,
  { form, pause }: ProofWish,
  parts: Omit<Proof, 'byHand' | 'checksum'>,
): Promise<ProofFile> {
  const fileName = `${name}.proof.${form}`
  // The page hands its data out under this name.
  const byHand = commandsByHand(form === 'html' ? 'proof.json' : fileName)
  const proof = sealProof({ ...parts, byHand })
  const { holds, sentence, checks, receipts } = await checkProofInPieces(proof, pause)
  if (!holds) {
    const failed = [...checks, ...receipts.flatMap((receipt) => receipt.checks)].find(({ state }) => state === 'fails')
    throw doesNotHold(failed?.detail ?? 'A check does not hold.')
  }
  return { fileName, text: form === 'html' ? proofPage(proof) : proofText(proof), sentence }
}

function short(id: string): string {
  return id.slice('sha256:'.length, 'sha256:'.length + 12)
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

function doesNotHold(detail: string): StewardError {
  return new StewardError({
    code: 'PROOF_DOES_NOT_HOLD',
    happened: `What this disk holds could not be proved. ${detail}`,
    kept: 'Nothing was written; the ledger was left as it is.',
    remedy: 'Run the check in Settings, and restore this node’s ledger from a backup or from the exchange.',
  })
}

function nothingSigned(title: string): StewardError {
  return new StewardError({
    code: 'NOTHING_SIGNED',
    happened: `There is nothing signed that could prove this to others: “${title}” is what this node saw.`,
    kept: 'Nothing was written.',
    remedy: 'Export a receipt that it is about, once one has arrived.',
  })
}
