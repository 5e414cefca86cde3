// Standing rules as a person reads them where they decide little or nothing. Commands go through a running host.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { disagreement, twoStories } from '#tests/kit/proofs.ts'
import { serve, type Served } from './served.ts'

const RULE = ['--kind', 'hash-mismatch', '--until', '2026-12-31']

async function signed(host: Served, ...words: readonly string[]): Promise<string> {
  const said = await host.run('rules', 'sign', ...words)
  expect([said.code, said.err]).toEqual([0, ''])
  return z.object({ id: z.string() }).parse(said.json).id
}

test('no rule is suggested for a fork, and it is said where to look instead', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  const fork = (await ben.conflicts()).find(({ kind }) => kind === 'fork')
  await using host = await serve(ben)
  const said = await host.read('rules', 'suggest', fork?.id ?? '')
  expect(said).toMatchObject({ code: 2, out: '' })
  expect(said.err).toContain('No rule decides a conflict of the kind fork.\nNothing was changed.\nSee `steward show ')
})

test('a conflict of no task and of no folder has one subject to suggest', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('meter', { v: 1 })
  await ben.observe('meter', { v: 2 })
  await place.settle([ada, ben])
  const [conflict] = await ada.conflicts()
  await using host = await serve(ada)
  expect((await host.read('rules', 'suggest', conflict?.id ?? '')).out).toMatch(
    /^Subject +meter \(1 open conflict\)\nKind +hash-mismatch\nNode +\w+\nNode +\w+\nClaims +2\nDecided before +0 times /,
  )
})

test('a rule that has decided nothing says so; one without a reason shows none', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const origin = await signed(host, '--subject', 'a/*', ...RULE, '--origin', 'node-a')
  const several = await signed(host, '--subject', 'b/*', ...RULE, '--several', '--reason', 'both are right')
  const listed = (await host.read('rules')).out
  expect(listed).toMatch(/ 0 +Where claims differ on a\/\*, what the directory node-a says last holds \(/)
  expect(listed).toMatch(/ 0 +Where claims differ on b\/\*, all claims hold side by side \(/)
  const shown = (await host.read('rules', 'show', origin)).out
  expect(shown).toMatch(/\nState +in-force, until 2026-12-31 00:00 UTC\n\nIt has decided nothing\.\n$/)
  expect((await host.read('rules', 'show', several)).out).toMatch(/\nReason +both are right\n/)
})

test('what a rule decided and its steward took back is told as withdrawn', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const rule = await signed(host, '--subject', 'report/*', ...RULE, '--newest')
  const shown = (await host.read('rules', 'show', rule)).out
  const [, decision = ''] = /Decisions:\n([0-9a-f]{12}) /.exec(shown) ?? []
  await host.run('rules', 'revoke', rule, '--reason', 'wrong')
  await host.run('withdraw', decision, '--reason', 'wrong')
  expect((await host.read('rules', 'show', rule)).out).toMatch(/\nDecisions:\n[0-9a-f]{12} .* UTC +withdrawn +For /)
})

test('a rule that fits more conflicts than are listed counts the others', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  for (let n = 0; n < 201; n++) {
    await ada.observe(`m/${n}`, { v: 1 })
    await ben.observe(`m/${n}`, { v: 2 })
  }
  await place.settle([ada, ben])
  await using host = await serve(ada)
  expect((await host.read('rules', 'preview', '--subject', 'm/*', ...RULE, '--newest')).out).toMatch(
    /\nand 1 more\nIt would decide 201 and leave 0 to a person\.\n$/,
  )
})

test('a rule is named by its short form, and not by less of it', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const id = await signed(host, '--subject', 'a/*', ...RULE, '--newest')
  const short = await host.read('rules', 'show', id.slice(7, 12))
  expect(short.code).toBe(2)
  expect(short.err).toContain(`No rule is named ${id.slice(7, 12)}.\nNothing was changed.\n`)
  expect(short.err).toContain('at least 6 characters of it are needed.')
  expect((await host.read('rules', 'show', `${id.slice(0, 19)}…`)).out).toContain(id)
})
