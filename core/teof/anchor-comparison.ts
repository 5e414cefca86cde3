// Two origins' anchors: whose chain goes on from whose. An anchor is newer than another if its chain extends the other's; time does
// not decide, since anybody can write any time.
import type { ContentHash } from '#core/contract/index.ts'
import type { AnchorsFile } from './anchors.ts'

/** How the first stands to the second. */
export type ChainRelation = 'same' | 'extends' | 'extended-by' | 'diverged'

export interface AnchorComparison {
  readonly relation: ChainRelation
  /** Events that both have in front. */
  readonly sharedEvents: number
  /** Of the longer chain's first event behind the shared ones, whether its prev_content_hash is the shorter one's file; null where
   *  it names none or the relation is not one of extending by events. */
  readonly namesTheOther: boolean | null
}

export function compareAnchors(first: AnchorsFile, second: AnchorsFile): AnchorComparison {
  const sharedEvents = sharedPrefix(hashesOf(first), hashesOf(second))
  const relation = joint([
    compareLists(hashesOf(first), hashesOf(second)),
    compareLists(first.anchors, second.anchors),
    compareLists(first.releases, second.releases),
    compareLists(first.immutableScope, second.immutableScope),
  ])
  return { relation, sharedEvents, namesTheOther: namesTheOther(relation, sharedEvents, first, second) }
}

export interface NewestAnchor {
  /** `one`: one content is the newest, and every other chain leads to it. `diverged`: no chain contains all others. */
  readonly state: 'none' | 'one' | 'diverged'
  /** Labels of those who hold the newest; with `diverged`, of all that no other extends. In order of label. */
  readonly labels: readonly string[]
}

/** Which of several origins' anchors is the newest. */
export function newestAnchor(byLabel: ReadonlyMap<string, AnchorsFile>): NewestAnchor {
  const ends = [...byLabel].filter(([, mine]) =>
    [...byLabel.values()].every((other) => compareAnchors(mine, other).relation !== 'extended-by'),
  )
  const labels = ends.map(([label]) => label).toSorted()
  const [first] = ends
  if (first === undefined) return { state: 'none', labels: [] }
  const isOne = ends.every(([, other]) => compareAnchors(first[1], other).relation === 'same')
  return { state: isOne ? 'one' : 'diverged', labels }
}

function hashesOf({ events }: AnchorsFile): readonly ContentHash[] {
  return events.map(({ hash }) => hash)
}

function compareLists(first: readonly ContentHash[], second: readonly ContentHash[]): ChainRelation {
  const shared = sharedPrefix(first, second)
  if (shared === first.length && shared === second.length) return 'same'
  if (shared === second.length) return 'extends'
  return shared === first.length ? 'extended-by' : 'diverged'
}

function joint(relations: readonly ChainRelation[]): ChainRelation {
  const apart = new Set(relations.filter((relation) => relation !== 'same'))
  const [only = 'same'] = apart
  return apart.size > 1 ? 'diverged' : only
}

function namesTheOther(
  relation: ChainRelation,
  sharedEvents: number,
  first: AnchorsFile,
  second: AnchorsFile,
): boolean | null {
  if (relation !== 'extends' && relation !== 'extended-by') return null
  const [longer, shorter] = relation === 'extends' ? [first, second] : [second, first]
  const prev = longer.events[sharedEvents]?.prevContentHash
  return typeof prev === 'string' ? `sha256:${prev}` === shorter.rawHash : null
}

function sharedPrefix(first: readonly ContentHash[], second: readonly ContentHash[]): number {
  let shared = 0
  while (shared < first.length && shared < second.length && first[shared] === second[shared]) shared++
  return shared
}
