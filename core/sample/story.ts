// What happened in the sample network before the steward opened it. Three nodes look after the same pilot and each signs the
// state that it saw; the files are real. Everything that a steward will find is caused here, and nothing else:
//
//   feed-counts.json            mill-creek counted two receipts more than harbor-lab            differs
//   external-summary.json       three nodes, three days, three summaries                        differs
//   demo/20250922T014500Z.json  mill-creek re-signed it with another flag                       differs
//   summary-…041758Z.json       harbor-lab stands alone against two                             differs
//   sample/20250922T221000Z     mill-creek signed before there was an anchor                    anchor missing
//   external-authenticity.json  mill-creek names an anchor that is in the withheld range        anchor unknown
//   receipts-hygiene-summary    harbor-lab's claim is twelve days old, the policy says seven    stale
//   north-ridge 9 to …          the folder lost a part of its feed                              withheld
//   external-feed-demo.plan     settled already: north-ridge decided                            settled
//   the pilot's plan            north-ridge's stands under the newer anchor                     no conflict: the rule decides
import { createHash } from 'node:crypto'
import type { ConflictReview, ContentHash, Verdict } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { Actor, Observed } from './actor.ts'
import type { StoryClock } from './story-clock.ts'
import { teofFile, type TeofState } from './teof-files.ts'

const PILOT = '2025-09-22-decentralized-propagation-pilot'
const FEED_DEMO = '2025-09-22-external-feed-demo'
const GOVERNANCE_UPGRADE = '2025-09-21-automation-governance-upgrade'
const HYGIENE = '2025-09-21-receipts-hygiene'

const SUBJECT = {
  pilotPlan: '_plans/2025-09-22-decentralized-propagation-pilot.plan.json',
  feedPlan: '_plans/2025-09-22-external-feed-demo.plan.json',
  hygieneWork: '_report/agent/codex-1/2025-09-21-receipts-hygiene/summary.json',
  consensus: '_report/consensus/summary-latest.json',
  demo: '_report/external/demo/20250922T014500Z.json',
  demoOctober: '_report/external/demo/20251004T060046Z.json',
  sample: '_report/external/sample/20250922T221000Z.json',
  sampleOctober: '_report/external/sample/20251004T060051Z.json',
  planner: '_report/planner/validate/summary-20250922T021548Z.json',
  plannerLater: '_report/planner/validate/summary-20250922T041758Z.json',
  authenticity: '_report/usage/external-authenticity.json',
  summary: '_report/usage/external-summary.json',
  hygiene: '_report/usage/receipts-hygiene-summary.json',
  counts: '_report/usage/feed-counts.json',
  capsule: 'capsule/current/hashes.json',
  anchors: 'governance/anchors.json',
} as const

const TASK: Partial<Record<string, string>> = {
  [SUBJECT.pilotPlan]: PILOT,
  [SUBJECT.feedPlan]: FEED_DEMO,
  [SUBJECT.hygieneWork]: HYGIENE,
  [SUBJECT.demo]: FEED_DEMO,
  [SUBJECT.demoOctober]: FEED_DEMO,
  [SUBJECT.sample]: GOVERNANCE_UPGRADE,
  [SUBJECT.sampleOctober]: GOVERNANCE_UPGRADE,
  [SUBJECT.summary]: PILOT,
  [SUBJECT.hygiene]: PILOT,
  [SUBJECT.counts]: PILOT,
}

/** A claim older than this is stale while another node has a newer one: harbor-lab's hygiene summary will be. */
const FRESH_HOURS = 7 * 24

const CAPSULE_SEPTEMBER = hashOf(teofFile('node-a', SUBJECT.capsule))
const CAPSULE_OCTOBER = hashOf(teofFile('node-c', SUBJECT.capsule))
const ANCHORS_OCTOBER = hashOf(teofFile('node-c', SUBJECT.anchors))

export interface Cast {
  /** This node; it founds the network. */
  harborLab(): Promise<Actor>
  /** Signs what differs. */
  millCreek(): Promise<Actor>
  /** Loses a part of its feed on the way. */
  northRidge(): Promise<Actor>
  /** Asks to join. */
  cedarHollow(): Promise<Actor>
  /** Names of the segments of this node's feed that lie in the exchange now. */
  feedFiles(actor: Actor): Promise<ReadonlySet<string>>
  /** A folder that lost a part of what a node published: the node withholds, or somebody deleted. */
  loseFeedFiles(actor: Actor, files: ReadonlySet<string>): Promise<void>
}

/** Tells the whole story; answers with all nodes, this one first. */
export async function tellStory(cast: Cast, clock: StoryClock): Promise<readonly Actor[]> {
  clock.goTo({ days: 12, hours: 3 })
  const harborLab = await cast.harborLab()
  await harborLab.sync()
  clock.pass(20)
  const millCreek = await cast.millCreek()
  clock.pass(10)
  const northRidge = await cast.northRidge()
  await everybodySyncs([millCreek, northRidge, harborLab])
  clock.pass(5)
  await harborLab.admit(millCreek.node)
  await harborLab.admit(northRidge.node)
  await harborLab.wantFreshness(SUBJECT.hygiene, FRESH_HOURS)
  await everybodySyncs([harborLab, millCreek, northRidge])

  // Nobody has signed an anchor yet.
  await observe(millCreek, 'node-b', [SUBJECT.sample], null)

  clock.goTo({ days: 12 })
  await harborLab.anchor({ subject: SUBJECT.capsule, hash: CAPSULE_SEPTEMBER, previous: null, label: 'v1.6' })
  await observe(harborLab, 'node-a', [SUBJECT.hygiene, SUBJECT.hygieneWork, SUBJECT.consensus, SUBJECT.planner], null)
  await observe(harborLab, 'node-a', [SUBJECT.plannerLater, SUBJECT.pilotPlan, SUBJECT.feedPlan], null)
  await observe(harborLab, 'node-a', [SUBJECT.demo, SUBJECT.sample, SUBJECT.authenticity, SUBJECT.summary], null)
  await everybodySyncs([harborLab, millCreek, northRidge])

  clock.goTo({ days: 8 })
  await observe(
    millCreek,
    'node-b',
    [SUBJECT.hygieneWork, SUBJECT.consensus, SUBJECT.planner, SUBJECT.plannerLater],
    null,
  )
  await observe(millCreek, 'node-b', [SUBJECT.feedPlan, SUBJECT.demo, SUBJECT.summary], null)
  await everybodySyncs([millCreek, harborLab, northRidge])

  clock.goTo({ hours: 22 })
  await observe(northRidge, 'node-c', [SUBJECT.planner, SUBJECT.plannerLater, SUBJECT.feedPlan, SUBJECT.summary], null)
  await everybodySyncs([northRidge, harborLab, millCreek])
  clock.pass(15)
  await northRidge.decide(
    SUBJECT.feedPlan,
    (review) => pickOf(review, northRidge),
    'The refreshed receipt uses the key rotated on 4 October; the older plan names a receipt that was archived.',
    'S3',
  )
  await northRidge.anchor({
    subject: SUBJECT.capsule,
    hash: CAPSULE_OCTOBER,
    previous: CAPSULE_SEPTEMBER,
    label: 'v1.6 of October',
  })
  await observe(northRidge, 'node-c', [SUBJECT.hygiene, SUBJECT.pilotPlan, SUBJECT.demoOctober], CAPSULE_OCTOBER)
  await everybodySyncs([northRidge, harborLab, millCreek])

  // From here on harbor-lab does not read what north-ridge writes, but mill-creek does.
  clock.goTo({ hours: 7 })
  const arrived = await cast.feedFiles(northRidge)
  await northRidge.anchor({
    subject: SUBJECT.anchors,
    hash: ANCHORS_OCTOBER,
    previous: CAPSULE_OCTOBER,
    label: 'anchors of October',
  })
  await observe(northRidge, 'node-c', [SUBJECT.sampleOctober], CAPSULE_OCTOBER)
  await northRidge.sync()
  await millCreek.sync()
  const lost = new Set([...(await cast.feedFiles(northRidge))].filter((file) => !arrived.has(file)))

  clock.goTo({ hours: 5, minutes: 5 })
  await harborLab.observe(counted(12, 'Counted before the last two receipts had arrived.'))
  clock.pass(5)
  await millCreek.observe(counted(14, 'Counted again five minutes later.'))
  await observe(millCreek, 'node-b', [SUBJECT.authenticity], ANCHORS_OCTOBER)
  await observe(northRidge, 'node-c', [SUBJECT.hygieneWork], CAPSULE_SEPTEMBER)
  await millCreek.sync()
  await northRidge.sync()
  await cast.loseFeedFiles(northRidge, lost)

  clock.goTo({ minutes: 25 })
  const cedarHollow = await cast.cedarHollow()
  await cedarHollow.sync()
  clock.goTo({ minutes: 4 })
  await everybodySyncs([harborLab, millCreek])
  // By now what north-ridge's head names is no longer on its way.
  clock.goTo({ minutes: 2 })
  await harborLab.sync()
  return [harborLab, millCreek, northRidge, cedarHollow]

  async function observe(
    actor: Actor,
    state: TeofState,
    subjects: readonly string[],
    anchor: ContentHash | null,
  ): Promise<void> {
    for (const subject of subjects) {
      clock.pass(2)
      await actor.observeFile({ subject, task: TASK[subject] ?? null, text: teofFile(state, subject), anchor })
    }
  }
}

/** The one claim that is made up: so small that everybody sees at once what differs. */
function counted(receipts: number, note: string): Observed {
  const body = {
    feed: 'demo',
    receipt_count: receipts,
    threshold_hours: 24,
    stale_count: 0,
    invalid_signatures: 0,
    note,
  }
  return { subject: SUBJECT.counts, task: PILOT, body, anchor: CAPSULE_OCTOBER }
}

function pickOf(review: ConflictReview, actor: Actor): Verdict {
  const member = review.members.find((one) => one.node === actor.node)
  invariant(member !== undefined, `${actor.name} is a member of the conflict that it decides`)
  return { type: 'pick', receipt: member.receipt }
}

async function everybodySyncs(actors: readonly Actor[]): Promise<void> {
  for (const actor of actors) await actor.sync()
}

function hashOf(text: string): ContentHash {
  // SHA-256 in hex has the form of a ContentHash.
  return `sha256:${createHash('sha256').update(text).digest('hex')}` as ContentHash
}
