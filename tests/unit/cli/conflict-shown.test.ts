// Conflicts as a person reads them: what concerns a feed by the name of its node, and how claims differ. Through a running host.
import { expect, test } from 'vitest'
import { Place, type Core } from '#tests/kit/place.ts'
import { disagreement, twoStories } from '#tests/kit/proofs.ts'
import { diffText } from '../../../core/hosts/cli/commands/conflict-texts.ts'
import { serve, type Served } from './served.ts'
import { signFile } from './signing.ts'

async function differences(host: Served, core: Core): Promise<string> {
  const [conflict] = await core.conflicts()
  const { code, out } = await host.read('show', conflict?.id ?? '', '--diff')
  expect(code).toBe(0)
  return out.slice(out.indexOf('Differences:'))
}

test('a fork is told by the name of the node that told two stories, in the list and when it is shown', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  const fork = (await ben.conflicts()).find(({ kind }) => kind === 'fork')
  await using host = await serve(ben)
  expect((await host.read('conflicts')).out).toMatch(/ fork +open +\S+ \S+ UTC +ben \(z6Mk\w{8}…\)\n/)
  const shown = (await host.read('show', fork?.id ?? '')).out
  expect(shown).toMatch(/\nSubject +ben \(z6Mk\w{8}…\)\nKind +fork, severity 3, open\n/)
  // A script gets the subject as it was signed.
  expect((await host.run('conflicts', '--kind', 'fork')).json).toMatchObject({ items: [{ subject: ben.id }] })
})

test('a conflict of no task is shown with its subject alone', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('a.json', { v: 1 })
  await ben.observe('a.json', { v: 2 })
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const [conflict] = await ada.conflicts()
  expect((await host.read('show', conflict?.id ?? '')).out).toMatch(/\nSubject +a\.json\n/)
})

test('what only one of the claims says stands beside a dash, and a long value is cut', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('a.json', { only: true, long: 'x'.repeat(100) })
  await ben.observe('a.json', { long: 'y'.repeat(100) })
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const told = await differences(host, ada)
  expect(told).toMatch(/^Differences:\nWHERE +\w+ #\d+ +\w+ #\d+\n/)
  expect(told).toMatch(/\nlong +(x{59}… +y{59}…|y{59}… +x{59}…)\n/)
  expect(told).toMatch(/\nonly +(true +-|- +true)\n0 values equal\n$/)
})

test('claims that are no JSON together are compared as a whole, and it is said why', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  await signFile(host, ada, { subject: 'note', content: 'one\n' })
  await ben.observe('note', { v: 1 })
  await place.settle([ada, ben])
  expect(await differences(host, ada)).toMatch(/\nCompared as a whole, since not all of it is JSON\.\n$/)
})

test('JSON of which one is a list and one an object differs in all of it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  await signFile(host, ada, { subject: 'note.json', content: '[1,2]' })
  await ben.observe('note.json', { v: 1 })
  await place.settle([ada, ben])
  expect(await differences(host, ada)).toMatch(/\n\(all of it\) +\S.*\n0 values equal\n$/)
})

test('differences beyond those listed are counted; where what is said is the same, that is told', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const members = (await ada.conflicts()).flatMap((conflict) => conflict.members)
  const row = { path: 'count', change: 'changed' as const, cells: ['12', '14'] }
  expect(diffText({ structured: true, rows: [row], equalCount: 1, more: 3 }, members)).toMatch(
    /\ncount +12 +14\nand 3 more\n1 value equal\n$/,
  )
  expect(diffText({ structured: true, rows: [], equalCount: 2, more: 0 }, members)).toBe(
    '\nDifferences:\nNone in what they say.\n2 values equal\n',
  )
})
