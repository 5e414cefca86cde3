// One node, blocks, the map of feeds and the states of all nodes, as a person reads them. Through a running host.
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { serve } from './served.ts'

test('a node is shown with its words, its feed and who admitted it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const cleo = await place.node('cleo')
  await cleo.sync()
  await ada.sync()
  await using host = await serve(ada)
  const { out } = await host.read('peer', 'ben')
  expect(out).toContain(ben.id)
  expect(out).toMatch(/Words +(\w+ ){5}\w+\nState +admitted\nAdmitted by +ada \([0-9a-f]{12}\); 1 needed\n/)
  expect(out).toMatch(/Its feed +1 merged, 1 here, its head names 1, 0 waiting\nHas of yours +up to #\d+\n/)
  expect((await host.run('peer', 'ben')).json).toMatchObject({ node: ben.id, state: 'admitted' })
  expect((await host.read('peer', 'ada')).out).not.toContain('Has of yours')
  const asking = (await host.read('peer', 'cleo')).out
  expect(asking).toMatch(/State +asks to join\nAdmitted by +nobody; 1 needed\n/)
  expect(asking).toMatch(/Has of yours +it never said\n/)
})

test('a blocked node counts here no more until the block is lifted, and nothing is signed for it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ben.observe('meter.json', { v: 1 })
  await place.settle([ada, ben])
  const before = (await ada.steward.app.overview({})).counters.receipts
  await using host = await serve(ada)
  const blocked = await host.read('block', 'ben')
  expect(blocked.code).toBe(0)
  expect(blocked.out).toMatch(
    /^Blocked ben \(z6Mk\w{8}…\) on this installation: nothing of it is read or merged here\. /,
  )
  const [, lift = ''] = /`steward (unblock \w+)`/.exec(blocked.out) ?? []
  expect((await host.read('peer', 'ben')).out).toMatch(/State +blocked on this installation\n/)
  expect((await host.read('receipts', '--subject', 'meter.json')).out).toMatch(/ blocked +meter\.json\n/)
  expect(await host.run(...lift.split(' '))).toMatchObject({ code: 0, json: { node: ben.id, state: 'admitted' } })
  expect((await host.read('receipts', '--subject', 'meter.json')).out).toMatch(/ merged +meter\.json\n/)
  expect((await host.read('unblock', 'ben')).out).toContain('is not blocked here any more: admitted.\n')
  expect((await ada.steward.app.overview({})).counters.receipts).toBe(before)
})

test('a node cannot block itself, and one that nobody knows is not blocked in silence', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  expect((await host.read('block', 'ada')).err).toContain('A node cannot block itself.\nNothing was changed.\n')
  const unknown = `did:key:z6Mk${'a'.repeat(44)}`
  expect(await host.run('block', unknown)).toMatchObject({ code: 2, json: { error: { code: 'NOT_FOUND' } } })
})

test('the map has a row for each node and a column for each feed', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('new.json', { v: 1 })
  await ada.sync()
  await using host = await serve(ada)
  expect((await host.read('map')).out).toMatch(
    /^HOLDER +SAID +ada +ben\nada +4\/4 +1\/1\nben +\d{4}-\S+ \S+ UTC +3\/4 +1\/1\n$/,
  )
  expect((await host.run('map')).json).toMatchObject({ nodes: [{ node: ada.id }, { node: ben.id }] })
})

test('the states of all nodes say who has merged the same', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  const same = await host.read('states', '--exit-code')
  expect(same.code).toBe(0)
  expect(same.out).toMatch(/\nthis node +(\w+ · ){3}\w+\nben +same +\S+ \S+ UTC +(\w+ · ){3}\w+\n$/)
  await ada.observe('new.json', { v: 1 })
  const differs = await host.read('states', '--exit-code')
  expect(differs.code).toBe(1)
  expect(differs.out).toMatch(/\nben +differs .*\nWhere they first differ: `steward compare <node>`\n$/)
  expect((await host.run('states')).json).toMatchObject({ items: [{ name: 'ben', outcome: 'differs' }] })
})
