// Conflicts and decisions as a person reads them, and every way of deciding. Commands go through a running host.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place, type Core } from '#tests/kit/place.ts'
import { disagreement } from '#tests/kit/proofs.ts'
import { serve, type Served } from './served.ts'

const Id = z.object({ id: z.string() })
const Page = z.object({ items: z.array(z.object({ id: z.string() })), next: z.string().nullable() })

async function decided(host: Served, ...words: readonly string[]): Promise<string> {
  const said = await host.run('decide', ...words)
  expect([said.code, said.err]).toEqual([0, ''])
  return Id.parse(said.json).id
}

async function firstConflict(core: Core) {
  const [conflict] = await core.conflicts('all')
  if (conflict === undefined) throw new Error('there is a conflict')
  return conflict
}

test('where nothing differs there are no conflicts', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await using host = await serve(ada)
  expect((await host.read('conflicts', '--exit-code')).out).toBe('No conflicts.\n')
  expect(await host.run('conflicts', '--exit-code')).toMatchObject({ code: 0, json: { items: [], next: null } })
})

test('a page goes on where the one before ended', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  await ada.observe('no-task.json', { v: 1 })
  await ben.observe('no-task.json', { v: 2 })
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const first = Page.parse((await host.run('conflicts', '--limit', '1')).json)
  expect(first.next).not.toBeNull()
  const second = Page.parse((await host.run('conflicts', '--limit', '1', '--after', first.next ?? '')).json)
  expect(second.items[0]?.id).not.toBe(first.items[0]?.id)
  const table = (await host.read('conflicts')).out
  expect(table).toContain('report/counts.json (pilot)\n')
  expect(table).toMatch(/hash-mismatch +open +\S+ \S+ UTC +no-task\.json\n/)
})

test('a conflict is shown with its claims, what to do, and its decisions; one that does not count says so', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const { id, members } = await firstConflict(ada)
  const open = (await host.read('show', id.slice(7, 19))).out
  expect(open).toMatch(/Kind +hash-mismatch, severity 2, open\n/)
  expect(open).toContain('report/counts.json (pilot)')
  expect(open).toMatch(/RECEIPT +NODE +SEQ +TIME +SAYS\n/)
  expect(open).not.toContain('DECISION')

  const picked = members[0]?.receipt ?? ''
  const decision = await decided(host, id.slice(7, 19), '--pick', picked.slice(7, 19), '--plan-step', 'S1')
  expect((await host.read('show', id)).out).toMatch(
    new RegExp(`\nDECISION +TIME +SAYS\n${decision.slice(7, 19)} {2}\\S+ \\S+ UTC {2}.+\n$`),
  )
  await host.run('withdraw', decision, '--reason', 'the meter was wrong')
  expect((await host.read('show', id)).out).toContain('(does not count now)')
})

test('a decision is withdrawn by the short id that was printed when it was signed; nothing else is', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const { id, members } = await firstConflict(ada)
  const said = await host.read('decide', id.slice(7, 19), '--none', '--reason', 'both are wrong')
  const printed = / with receipt ([0-9a-f]{12})\n$/.exec(said.out)?.[1] ?? ''
  // A claim, no decision; a conflict; nothing; too little of it.
  for (const other of [members[0]?.receipt.slice(7, 19) ?? '', id.slice(7, 19), 'ffffffffffff', printed.slice(0, 5)]) {
    const refused = await host.read('withdraw', other, '--reason', 'x')
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain(`No decision is named ${other}.\nNothing was changed.\n`)
  }
  const withdrawn = await host.read('withdraw', `sha256:${printed}…`, '--reason', 'the meter was wrong')
  expect(withdrawn).toMatchObject({ code: 0, err: '' })
  expect(await firstConflict(ada)).toMatchObject({ status: 'open' })
})

test.each<[string, (receipts: readonly string[]) => readonly string[], object]>([
  ['none of them', () => ['--none', '--reason', 'both are wrong'], { type: 'none' }],
  [
    'something else',
    () => ['--body', '{"count":13}', '--reason', 'read it myself'],
    { type: 'replacement', body: { count: 13 } },
  ],
  ['several, set apart by commas', (receipts) => ['--several', receipts.join(',')], { type: 'several' }],
  ['several, set apart by blanks', (receipts) => ['--several', ...receipts], { type: 'several' }],
])('a steward decides for %s', async (_what, wordsFor, verdict) => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const { id, members } = await firstConflict(ada)
  await decided(host, id, ...wordsFor(members.map(({ receipt }) => receipt)))
  expect((await ada.steward.conflicts.get({ id })).decisions).toMatchObject([{ verdict }])
  expect(await firstConflict(ada)).toMatchObject({ status: 'settled' })
})

test('a decision that does not say how is refused before anything is signed', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const { id } = await firstConflict(ada)
  const said = await host.read('decide', id, '--reason', 'x')
  expect(said).toMatchObject({ code: 2, out: '' })
  expect(said.err).toContain('one of --pick, --none, --several and --body is missing.\nNothing was signed.')
  const unknown = await host.read('decide', id, '--pick', 'ffffffffffff')
  expect(unknown.err).toContain('No receipt is named ffffffffffff.')
  expect(unknown.err).toContain('`steward show <conflict> --json`')
  expect(await firstConflict(ada)).toMatchObject({ status: 'open' })
})

test('an answer is told to a person in one sentence', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const { id } = await firstConflict(ada)
  expect((await host.read('decide', id, '--none', '--reason', 'x')).out).toMatch(
    /^Decided [0-9a-f]{12} with receipt [0-9a-f]{12}\n$/,
  )
  const sign = ['sign', '--kind', 'evidence/observed', '--subject', 'a.json']
  expect((await host.read(...sign, '--body', '{"v":1}')).out).toMatch(/^Signed receipt \d+: [0-9a-f]{12}\n$/)
  expect((await host.read(...sign)).err).toContain('--body or --file is missing.')
})

test.each([
  ['{"a":1,"a":2}', 'The key "a" is written twice'],
  ['{"n":0.12345678901234567890}', 'The number 0.12345678901234567890 cannot be kept exactly'],
  ['{"n":12345678901234567890}', 'The number 12345678901234567890 cannot be kept exactly'],
  ['{"n":1e400}', 'The number 1e400 cannot be kept exactly'],
  ['{"n":-0}', 'The number -0 would be signed as 0'],
  ['{"t":"\\ud800"}', 'holds half of a character'],
  ['{"a":{"__proto__":1}}', 'The key "__proto__" is not taken'],
  ['{broken', 'This is not JSON yet'],
])('%s is not signed as something else, by no command', async (body, told) => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const { id } = await firstConflict(ada)
  const before = (await ada.steward.app.overview({})).counters.receipts
  for (const words of [
    ['sign', '--kind=evidence/observed', '--subject=c', `--body=${body}`],
    ['decide', id, `--body=${body}`, '--reason=x'],
  ]) {
    const said = await host.read(...words)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err).toContain(told)
    expect(said.err).toContain('\nNothing was signed.\n')
    expect(said.err).not.toContain('12345678901234567000')
  }
  expect((await ada.steward.app.overview({})).counters.receipts).toBe(before)
})
