// Standing rules and "why is it so?" in the terminal. Commands go through a running host.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { disagreement } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'

const RULE = ['--subject', 'report/*', '--kind', 'hash-mismatch', '--until', '2026-12-31']

test('a rule is suggested, tried, signed, shown with its decisions, and taken back', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const [conflict] = await ada.conflicts()
  const id = conflict?.id ?? ''
  await using host = await serve(ada)
  expect((await host.read('rules')).out).toBe('No standing rules.\n')
  const suggested = (await host.read('rules', 'suggest', id.slice(7, 19))).out
  expect(suggested).toMatch(/Subject +report\/\* \(1 open conflict\)\n/)
  expect(suggested).toMatch(/Kind +hash-mismatch\nTask +pilot\nNode +\w+\nNode +\w+\n/)

  const tried = (await host.read('rules', 'preview', ...RULE, '--node', 'ben', '--task', 'pilot')).out
  expect(tried).toMatch(/\n[0-9a-f]{12} +decides +For counts\.json, ben's receipt #\d+/)
  expect(tried).toContain('It would decide 1 and leave 0 to a person.\n')
  expect((await host.read('rules', 'preview', ...RULE, '--agreeing', '2/3')).out).toContain(
    'It would decide 0 and leave 1 to a person.\n',
  )
  expect(await ada.conflicts()).toHaveLength(1)

  const signed = await host.run('rules', 'sign', ...RULE, '--newest', '--reason', 'the newest is measured')
  const rule = z.object({ id: z.string(), decided: z.literal(1) }).parse(signed.json).id
  expect(await ada.conflicts()).toHaveLength(0)
  expect((await host.read('rules')).out).toMatch(
    /\n[0-9a-f]{12} +ada +in-force +2026-12-31 00:00 UTC +1 +Where claims differ/,
  )
  const shown = (await host.read('rules', 'show', rule.slice(7, 19))).out
  expect(shown).toMatch(/Reason +the newest is measured\n\nDecisions:\n[0-9a-f]{12} .*For counts\.json, /)

  expect((await host.read('rules', 'revoke', rule, '--reason', 'wrong')).out).toMatch(/^Revoked rule [0-9a-f]{12} with/)
  expect((await host.read('rules', 'show', rule)).out).toMatch(
    /State +revoked, until .*\n(.*\n)?Revoked +\S+ \S+ UTC wrong\n/,
  )
})

test.each([
  [['rules', 'sign', ...RULE], 'one of --node, --origin, --newest, --agreeing and --several is missing.'],
  [['rules', 'preview', ...RULE, '--newest', '--several'], 'cannot be used with'],
  [['rules', 'preview', ...RULE, '--agreeing', 'most'], '--agreeing most is no share.'],
  [['rules', 'preview', ...RULE.with(-1, 'soon'), '--newest'], '--until is no time.'],
  [['rules', 'sign', ...RULE.with(-1, '2001-01-01'), '--newest'], 'The rule would be over before it begins.'],
  [['rules', 'revoke', 'ffffffff'], 'No rule is named ffffffff.'],
  [['why', 'nothing'], 'Nothing is named nothing: no receipt, conflict, node or number.'],
])('%j is refused, and it is said why', async (words, sentence) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const said = await host.read(...words)
  expect([said.code, said.out]).toEqual([2, ''])
  expect(said.err).toContain(sentence)
})

test('why something is so is answered for a conflict, a receipt, a node, what it holds, the policy and a number', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const [conflict] = await ada.conflicts()
  await using host = await serve(ada)
  const why = async (...words: readonly string[]) => (await host.read('why', ...words)).out
  expect(await why(conflict?.id ?? '')).toMatch(/^counts\.json: .*\n(.+\n)+\nThe rule: .*\n(.*\n)+It follows from:\n/)
  const receipt = conflict?.members[0]?.receipt ?? ''
  expect(await why(receipt.slice(7, 19))).toContain(receipt.slice(7, 19))
  expect(await why('ben')).toContain('It belongs to the network, so what it signs is merged.')
  expect(await why(ben.id)).toBe(await why('ben'))
  expect(await why('ben', '--of', 'ada')).toContain('ben and the feed of ada\n')
  expect(await why('policy')).toMatch(/^Rules in force\n/)
  expect(await why('open-conflicts')).toMatch(/^1 open\n\nThe rule: /)
  expect((await host.run('why', 'receipts')).json).toMatchObject({
    title: expect.stringMatching(/receipts$/) as string,
  })
})
