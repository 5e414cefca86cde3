// Nodes as a person reads them where little is known of them yet, or something stands in their way. Through a running host.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { peerText } from '../../../core/hosts/cli/commands/peer-texts.ts'
import { serve } from './served.ts'

const HOUR = 60 * 60_000

test('of this node nothing is said that only another one could say', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const { out } = await host.read('peer', 'ada')
  expect(out).toMatch(/\nState +this node\n/)
  expect(out).not.toMatch(/Has of yours|Last seen|Trouble/)
  expect((await host.read('why', 'ada')).out).not.toContain('Has of ours')
  expect((await host.read('why', 'ada')).out).toMatch(/^ada\nThis is your own node\.\n/)
  expect((await host.read('peers')).out).toMatch(/\nada +z6Mk\w{8}… +this-node +(\d+)\/\1 /)
})

test('what stands in the way of a feed is told with what to do', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  ben.clockOffMs = HOUR
  await ben.observe('ahead.json', { v: 1 })
  await ben.sync()
  await ada.sync()
  const { trouble } = await ada.steward.network.peer({ node: ben.id })
  await using host = await serve(ada)
  const { out } = await host.read('peer', 'ben')
  expect(out).toMatch(/\nLast seen +\S+ \S+ UTC, by the folder\nTrouble +\S.+\.\nTo do +\S.+\.\n$/)
  expect(out).toContain(`${trouble?.what}\n`)
})

test('where a node says that it belongs is shown, and nothing in it moves the cursor', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const peer = await ada.steward.network.peer({ node: ben.id })
  // Other tools sign profiles with an organisation and a region; this one signs names.
  const text = peerText({ ...peer, org: 'Works\u001b[2J', region: 'North' })
  expect(text).toMatch(/\nOf +Works\\u\{1b\}\[2J\nRegion +North\n$/)
  expect(peerText({ ...peer, headSeq: null, lastSeen: null })).toMatch(
    /\nIts feed +1 merged, 1 here, no head of it yet, 0 waiting\nHas of yours +.*\nLast seen +never\n$/,
  )
})

test('of a node that was admitted and has said nothing yet the map shows a dash, and its state is not said yet', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const cleo = await place.node('cleo')
  await cleo.sync()
  await place.settle([ada, ben])
  await ada.admit(cleo.id)
  await using host = await serve(ada)
  const map = (await host.read('map')).out
  expect(map).toMatch(/\nben +\S+ \S+ UTC +3\/4 +1\/1 +-\n/)
  expect(map).toMatch(/\nz6Mk\S+ +- +- +1\/1\n$/)
  const states = (await host.read('states')).out
  expect(states).toMatch(/\nz6Mk\S+ +not said yet\n/)
  expect((await host.read('compare', cleo.id)).out).toMatch(/\nState of z6Mk\S+ +not said yet\n/)
  expect((await host.read('compare', 'ben')).out).toMatch(/\(read \d{4}-\d\d-\d\d \d\d:\d\d UTC\)\n/)
})

test('what choosing a folder would mean is told before it is chosen', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  const elsewhere = join(place.folder, 'elsewhere')
  mkdirSync(elsewhere)
  const dora = await place.node('dora', { exchange: elsewhere })
  await dora.sync()
  await using adas = await serve(ada)
  await using doras = await serve(dora)
  const own = (await adas.read('exchange', place.exchange, '--dry-run')).out
  expect(own).toMatch(
    /\nIt belongs to the network network of ada, 2 nodes, words: (\w+ ?){6}\. It is this node’s own\.\n$/,
  )
  expect((await adas.read('exchange', elsewhere, '--dry-run')).out).toMatch(
    /, 1 node, words: .*\. This node shares another network, so the folder cannot be chosen\.\n$/,
  )
  expect((await doras.read('exchange', place.exchange, '--dry-run')).out).toMatch(
    /, 2 nodes, words: .*\. This node would ask to join it\.\n$/,
  )
  expect((await adas.read('exchange', place.folder, '--dry-run')).out).toContain(
    '\nNo exchange is in it yet; this node would begin one.\nThe folder holds other files; ',
  )
  expect((await adas.read('exchange', join(place.folder, 'nowhere'), '--dry-run')).out).toMatch(
    /\nThere is no such folder, or the drive is not connected\.\n$/,
  )
})
