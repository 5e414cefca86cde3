// Troubles of which several have one name, and lists of them that go on. Commands go through a running host.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { segmentName } from '#core/receipts/index.ts'
import { Place } from '#tests/kit/place.ts'
import { folderOf } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'
import { leaveGap } from './signing.ts'

test('where several refused lines have one name none of them is saved, and each can be named by its id', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const name = segmentName(900, 901)
  const feed = join(folderOf(place.exchange, ben.id), 'feed')
  writeFileSync(join(feed, name), Array.from({ length: 2 }, (_, n) => `{"not":"a receipt ${n}"}\n`).join(''))
  await using host = await serve(ada)
  await host.run('sync')
  const out = join(place.folder, 'refused.bin')
  const both = await host.read('troubles', name, '--save', out)
  expect(both).toMatchObject({ code: 2, out: '' })
  expect(both.err).toMatch(
    /^2 things that were refused are named so\.\nNothing was written\.\nName one by its id: \S+, \S+\.\n$/,
  )
  expect(existsSync(out)).toBe(false)
  const [, first = ''] = /by its id: ([^\s,]+),/.exec(both.err) ?? []
  expect((await host.read('troubles', first, '--save', out)).out).toMatch(/^Wrote \d+ bytes of nodes\/\S+ to \S+\n$/)
})

test('a list of troubles that goes on says where', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const feed = join(folderOf(place.exchange, ben.id), 'feed')
  for (const seq of [900, 910]) writeFileSync(join(feed, segmentName(seq, seq)), '{"not":"a receipt"}\n')
  await using host = await serve(ada)
  await host.run('sync')
  const first = (await host.read('troubles', '--limit', '1')).out
  const [, after = ''] = /\nMore: --after (\S+)\n$/.exec(first) ?? []
  const second = (await host.read('troubles', '--limit', '1', '--after', after)).out
  expect(second).toMatch(/^refused: /)
  expect(second).not.toContain('More: ')
  expect(second.split('\n')[0]).not.toBe(first.split('\n')[0])
})

test('what waits together is told once, with how many', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await leaveGap(ben, 'b.json', 'c.json')
  await using host = await serve(ada)
  await host.run('sync')
  expect((await host.read('troubles')).out).toMatch(/\n {4}Since \S+ \S+ UTC, 2 of them\. Id: /)
})
