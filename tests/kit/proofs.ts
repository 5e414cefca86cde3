// Networks for the tests of portable proofs: something to prove of every kind, made by real nodes.
import type { ConflictKind, ProofForm } from '#core/contract/index.ts'
import type { Core, Place } from './place.ts'

/** ada, who exports; ben, who differs with her about one report. */
export async function disagreement(place: Place): Promise<{ readonly ada: Core; readonly ben: Core }> {
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  await ada.observe('report/counts.json', { count: 12, text: 'Größe 😂 </script><b>' }, 'pilot')
  await ben.observe('report/counts.json', { count: 14 }, 'pilot')
  await place.settle([ada, ben])
  return { ada, ben }
}

/** As `disagreement`, where ben's key is used in two places too, and tells two stories; ben has both. */
export async function twoStories(place: Place): Promise<{ readonly ben: Core }> {
  const { ben } = await disagreement(place)
  const { phrase } = await ben.steward.node.phrase({ passphrase: null })
  const twin = await place.core('twin')
  await twin.steward.node.restore({ phrase: phrase.join(' '), name: 'ben', passphrase: null, exchange: place.exchange })
  await twin.observe('meter', { v: 1 })
  await ben.observe('meter', { v: 2 })
  await twin.sync()
  await ben.sync()
  return { ben }
}

/** The conflict of that kind as a file. */
export async function proofOfConflict(core: Core, kind: ConflictKind, form: ProofForm) {
  const conflict = (await core.conflicts('all')).find((other) => other.kind === kind)
  if (conflict === undefined) throw new Error(`${core.name} has no conflict of kind ${kind}`)
  return core.steward.conflicts.proof({ id: conflict.id, form })
}
