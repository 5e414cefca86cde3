// Networks for the tests of portable proofs: something to prove of every kind, made by real nodes.
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ConflictKind, NodeId, ProofForm } from '#core/contract/index.ts'
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

/**
 * cleo's key goes on in two folders; ada has read the one, ben the other. Then the two of them meet in a third folder, where cleo is not.
 * Both hold five receipts of cleo; the third is the first that differs.
 */
export async function toldApart(place: Place) {
  const [ada, ben, cleo] = await place.network('ada', 'ben', 'cleo')
  if (ada === undefined || ben === undefined || cleo === undefined) throw new Error('three were asked for')
  await cleo.observe('a', { v: 1 })
  await place.settle([ada, ben, cleo])
  const elsewhere = join(place.folder, 'elsewhere')
  cpSync(place.exchange, elsewhere, { recursive: true })
  const { phrase } = await cleo.steward.node.phrase({ passphrase: null })
  const twin = await place.core('twin')
  await twin.steward.node.restore({ phrase: phrase.join(' '), name: 'cleo', passphrase: null, exchange: elsewhere })
  for (let v = 0; v < 3; v++) await cleo.observe('meter', { v })
  for (let v = 0; v < 3; v++) await twin.observe('meter', { v: v + 10 })
  await ben.steward.exchange.choose({ folder: elsewhere })
  await place.settle([cleo, ada])
  await place.settle([twin, ben])

  const exchange = join(place.folder, 'both')
  mkdirSync(join(exchange, 'nodes'), { recursive: true })
  for (const [from, core] of [
    [place.exchange, ada],
    [elsewhere, ben],
  ] as const) {
    cpSync(folderOf(from, core.id), folderOf(exchange, core.id), { recursive: true })
  }
  cpSync(join(place.exchange, 'steward-exchange.json'), join(exchange, 'steward-exchange.json'))
  for (const core of [ada, ben]) await core.steward.exchange.choose({ folder: exchange })
  await place.settle([ada, ben])
  return { ada, ben, cleo, exchange }
}

export function folderOf(exchange: string, node: NodeId): string {
  return join(exchange, 'nodes', node.slice('did:key:'.length))
}
