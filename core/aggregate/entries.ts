// Steward's own lines: one path of ledger.json, one item of conflicts.json. Labels instead of places, nothing of this machine.
import { canonicalJson, sha256Id } from '#core/receipts/index.ts'
import type { Envelope, JudgedFile } from '#core/teof/index.ts'
import { ofNode } from './of-node.ts'
import {
  ITEM_SEVERITY,
  type Claim,
  type Item,
  type JudgedPath,
  type PlanLink,
  type Rules,
  type Standing,
} from './types.ts'

export interface SignatureEntry {
  readonly state: Envelope['state']
  readonly keyId?: string
  readonly form?: string
  readonly why?: string
}

export interface VariantEntry {
  /** Of the bytes as they are. */
  readonly hash: string
  /** Of the canonical form without signature fields: equal for “same content, different bytes”. */
  readonly content: string
  readonly bytes: number
  readonly nodes: readonly string[]
  readonly standing: Standing
  /** UTC, and which member says so; null where it states none. Never the file's modification time. */
  readonly time: string | null
  readonly timeFrom: string | null
  readonly signature: SignatureEntry
  readonly plan: string | null
  readonly step: string | null
  readonly task: string | null
}

export interface PathEntry {
  readonly path: string
  readonly state: JudgedPath['state']
  /** The plans that name this file, at any node. */
  readonly plans: readonly PlanLink[]
  readonly variants: readonly VariantEntry[]
}

export interface ItemEntry {
  /** SHA-256 of the canonical JSON {kind, code, path, members}, with `happened` where there is a code: the same whoever reconciles. */
  readonly id: string
  readonly kind: Item['kind']
  /** What exactly was found in a file; null where several files are what it is about. */
  readonly code: string | null
  readonly severity: 1 | 2 | 3
  readonly path: string
  readonly nodes: readonly string[]
  readonly happened: string
  readonly remedy: string
  readonly since: string | null
  readonly plans: readonly PlanLink[]
  readonly members: readonly VariantEntry[]
}

export function pathEntry({ path, state, claims }: JudgedPath, rules: Rules): PathEntry {
  return { path, state, plans: plansOf(path, rules), variants: variantsOf(claims, rules) }
}

export function itemEntry(item: Item, judged: JudgedPath | null, rules: Rules): ItemEntry {
  const { kind, code = null, path, happened, remedy, since } = item
  const nodes = item.nodes.map((node) => labelOf(node, rules))
  const members = variantsOf(
    (judged?.claims ?? []).filter((claim) => item.members.some(({ node }) => node === claim.node)),
    rules,
  )
  const named = members.length > 0 ? members.map((member) => [member.nodes, member.hash]) : nodes
  return {
    // One file may have several findings of one code. What follows from ages has no code: its words change with the as-of time.
    id: sha256Id(canonicalJson({ kind, code, path, members: named, ...(code === null ? {} : { happened }) })),
    kind,
    code,
    severity: ITEM_SEVERITY[kind],
    path,
    nodes,
    happened,
    remedy,
    since,
    plans: plansOf(path, rules),
    members,
  }
}

type StandingClaim = Claim & { readonly standing: Standing }

const NO_PLANS: readonly PlanLink[] = []

function plansOf(path: string, rules: Rules): readonly PlanLink[] {
  return rules.plans.get(path) ?? NO_PLANS
}

/** One for each file and standing; in order of hash, then of its first node. */
function variantsOf(claims: readonly StandingClaim[], rules: Rules): readonly VariantEntry[] {
  const variants: { readonly claim: StandingClaim; readonly nodes: string[] }[] = []
  for (const claim of claims) {
    const known = variants.find((one) => one.claim.file === claim.file && one.claim.standing === claim.standing)
    if (known !== undefined) known.nodes.push(labelOf(claim.node, rules))
    else variants.push({ claim, nodes: [labelOf(claim.node, rules)] })
  }
  // The sort is stable and claims come in order of node.
  if (variants.length > 1)
    variants.sort((a, b) =>
      a.claim.file.rawHash < b.claim.file.rawHash ? -1 : a.claim.file.rawHash === b.claim.file.rawHash ? 0 : 1,
    )
  return variants.map(({ claim: { file, standing }, nodes }) => variantEntry(file, standing, nodes))
}

function variantEntry(file: JudgedFile, standing: Standing, nodes: readonly string[]): VariantEntry {
  const time = file.stated?.time?.instant ?? null
  return {
    hash: file.rawHash,
    content: file.contentHash,
    bytes: file.sizeBytes,
    nodes,
    standing,
    time,
    timeFrom: time === null ? null : (file.stated?.field ?? null),
    signature: signatureEntry(file.envelope),
    plan: file.planId,
    step: file.planStepId,
    task: file.taskId,
  }
}

function signatureEntry(envelope: Envelope): SignatureEntry {
  switch (envelope.state) {
    case 'ok':
      return { state: 'ok', keyId: envelope.keyId, form: envelope.form }
    case 'missing':
      return { state: 'missing' }
    case 'skipped':
      return { state: 'skipped', why: envelope.why }
    case 'unknown_key':
    case 'invalid':
      return {
        state: envelope.state,
        ...(envelope.keyId === null ? {} : { keyId: envelope.keyId }),
        why: envelope.why,
      }
  }
}

function labelOf(node: number, { labels }: Rules): string {
  return ofNode(labels, node)
}
