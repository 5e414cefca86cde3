// A steward, and somebody whose key the test holds.
import { join } from 'node:path'
import { profileDraft } from '#core/network/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import type { Core, Place } from '#tests/kit/place.ts'
import { imported, inspected } from './desk.ts'
import { whoTheyAre, writeBundle } from './made-bundle.ts'

export async function withStranger(place: Place): Promise<readonly [Core, TestNode]> {
  const ada = await place.node('ada')
  await ada.sync()
  const eve = new TestNode('eve')
  eve.sign(profileDraft({ name: 'Eve' }))
  return [ada, eve]
}

/** Whom she admitted: they asked by a bundle. */
export async function withAdmitted(place: Place): Promise<readonly [Core, TestNode]> {
  const [ada, eve] = await withStranger(place)
  await inspected(ada, writeBundle(join(place.folder, 'who.zip'), whoTheyAre(eve)))
  await imported(ada)
  await ada.admit(eve.id)
  return [ada, eve]
}
