// What there is to say about whole nodes: their anchors, their capsules, and what reading them brought up.
import { ANCHORS_PATH, type Finding, type FindingCode } from '#core/teof/index.ts'
import { ofNode } from './of-node.ts'
import type { KnownNode, KnownNodes } from './read-nodes.ts'
import type { Item, ItemKind } from './types.ts'
import { namesOf } from './words.ts'

/** Those of the anchors first, then the capsules, then the findings in order of node and place. */
export function nodeItems(known: KnownNodes): readonly Item[] {
  return [...anchorItems(known), ...capsuleItems(known), ...findingItems(known)]
}

/** How the nodes stand together, in the words of the reference tool and one more: `ahead`, where some are merely older. */
export type CheckStatus = 'ok' | 'ahead' | 'partial' | 'missing' | 'conflict'

export function anchorStatus({ anchors }: KnownNodes): CheckStatus {
  const usable = indexesOf(anchors.usable)
  if (usable.length === 0) return 'missing'
  const related = usable.flatMap((one) => usable.map((other) => anchors.relation[one]?.[other]))
  if (related.includes('unrelated')) return 'conflict'
  if (usable.length < anchors.usable.length) return 'partial'
  return related.every((relation) => relation === 'same') ? 'ok' : 'ahead'
}

/** The nodes whose anchors no other's go on from; ascending. */
export function newestAnchors({ anchors }: KnownNodes): readonly number[] {
  return indexesOf(anchors.usable).filter((one) => !anchors.relation[one]?.includes('older'))
}

export function capsuleStatus(known: KnownNodes): CheckStatus {
  const hashes = capsuleHashes(known)
  const present = hashes.filter((hash) => hash !== null)
  if (present.length === 0) return 'missing'
  if (new Set(present).size > 1) return olderCapsules(known) === null ? 'conflict' : 'ahead'
  return present.length < hashes.length ? 'partial' : 'ok'
}

function anchorItems(known: KnownNodes): readonly Item[] {
  const { usable, relation } = known.anchors
  const items: Item[] = []
  const parted = indexesOf(usable).filter((one) =>
    indexesOf(usable).some((other) => relation[one]?.[other] === 'unrelated'),
  )
  if (parted.length > 0)
    items.push(
      item('anchor-failure', ANCHORS_PATH, parted, {
        happened: `The anchors of ${labelsOf(known, parted)} part ways: each has something that another has not, so none goes on from all others.`,
        remedy: 'Ask these nodes who changed what is append-only; until then no anchor decides between them.',
      }),
    )
  const missing = indexesOf(usable.map((is) => !is)).filter((node) => isMissingAnchors(ofNode(known.nodes, node)))
  const allLack = !usable.includes(true)
  if (missing.length > 0)
    items.push(
      item(allLack ? 'notice' : 'missing-anchor', ANCHORS_PATH, missing, {
        happened: `There is no ${ANCHORS_PATH} at ${labelsOf(known, missing)}.`,
        remedy: 'Ask for it; without anchors a node’s receipts never win over another’s.',
      }),
    )
  return items
}

function isMissingAnchors({ facts }: KnownNode): boolean {
  return facts.findings.some(({ code }) => code === 'anchors-missing')
}

function capsuleItems(known: KnownNodes): readonly Item[] {
  if (new Set(capsuleHashes(known).filter((hash) => hash !== null)).size < 2) return []
  const older = olderCapsules(known)
  const holders = indexesOf(capsuleHashes(known).map((hash) => hash !== null))
  if (older === null)
    return [
      item('hash-mismatch', CAPSULE_PATH, holders, {
        happened: `The current capsules of ${labelsOf(known, holders)} differ, and no anchor is newer than all others.`,
        remedy: 'Ask the nodes which capsule is in force.',
      }),
    ]
  return [
    item('notice', CAPSULE_PATH, older, {
      happened: `The current capsule of ${labelsOf(known, older)} is not that of ${labelsOf(known, newestAnchors(known))}, whose anchors are newer.`,
      remedy: 'Nothing has to be decided; the node should take the newer capsule over.',
    }),
  ]
}

/** The nodes with another capsule than those under the newest anchors; null where these do not decide. */
function olderCapsules(known: KnownNodes): readonly number[] | null {
  const { usable } = known.anchors
  const hashes = capsuleHashes(known)
  const holders = indexesOf(hashes.map((hash) => hash !== null))
  if (holders.some((node) => usable[node] !== true) || anchorStatus(known) === 'conflict') return null
  const inForce = new Set(newestAnchors(known).map((node) => ofNode(hashes, node)))
  const [hash = null] = inForce
  return inForce.size === 1 && hash !== null ? holders.filter((node) => hashes[node] !== hash) : null
}

const CAPSULE_PATH = 'capsule/current/hashes.json'

function capsuleHashes({ nodes }: KnownNodes): readonly (string | null)[] {
  return nodes.map(({ facts }) => facts.capsules.current?.rawHash ?? null)
}

/** Told in a better way by others: as a whole over all nodes, or where the file itself is judged. */
const TOLD_ELSEWHERE: ReadonlySet<FindingCode> = new Set(['anchors-missing'])
const TOLD_WITH_THE_FILE: ReadonlySet<FindingCode> = new Set(['not-read', 'too-large', 'unreadable-json'])

/** The same finding at several nodes is one item. */
function findingItems({ nodes, planLinksLeftOut }: KnownNodes): readonly Item[] {
  const told = new Map<string, { readonly finding: Finding; readonly nodes: number[] }>()
  for (const [node, { facts }] of nodes.entries())
    for (const finding of facts.findings) {
      if (TOLD_ELSEWHERE.has(finding.code)) continue
      if (finding.path.startsWith('_plans/') && TOLD_WITH_THE_FILE.has(finding.code)) continue
      const key = JSON.stringify([finding.code, finding.path, finding.happened])
      const known = told.get(key)
      if (known === undefined) told.set(key, { finding, nodes: [node] })
      else if (known.nodes.at(-1) !== node) known.nodes.push(node)
    }
  const items = [...told.values()].map(({ finding, nodes: of }) => ({
    ...item(kindOf(finding), finding.path, of, finding),
    code: finding.code,
  }))
  return planLinksLeftOut === 0 ? items : [...items, tooManyPlanLinks([...nodes.keys()], planLinksLeftOut)]
}

function kindOf({ code, path }: Finding): ItemKind {
  if (code === 'capsule-mismatch') return 'capsule-mismatch'
  const unreadable = code === 'anchors-unreadable' || code === 'not-read' || code === 'too-large'
  return unreadable && path === ANCHORS_PATH ? 'anchor-failure' : 'notice'
}

function tooManyPlanLinks(nodes: readonly number[], count: number): Item {
  return item('notice', '_plans', nodes, {
    happened: `The plans name more receipts than are kept in mind; ${count} links are not shown.`,
    remedy: 'Nothing is lost: the plans themselves were compared.',
  })
}

function item(
  kind: ItemKind,
  path: string,
  nodes: readonly number[],
  { happened, remedy }: Pick<Item, 'happened' | 'remedy'>,
): Item {
  return { kind, path, nodes, happened, remedy, since: null, members: [] }
}

function labelsOf({ nodes }: KnownNodes, of: readonly number[]): string {
  return namesOf(of.map((node) => ofNode(nodes, node).label))
}

function indexesOf(flags: readonly boolean[]): readonly number[] {
  return flags.flatMap((is, at) => (is ? [at] : []))
}
