// Several conflicts decided at once where some of them cannot be: each is told for itself. Through a running host.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { disagreement, twoStories } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'

test('a conflict to which the rule says nothing stays open, and why is said; a node is named by the beginning of its id', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  await using host = await serve(ben)
  const shown = await host.read('decide-alike', '--all', '--pick-node', 'ada')
  expect(shown.out).toMatch(/\n?[0-9a-f]{12} +stays open +z6Mk\w{8}…: ada is not among the claims\.\n/)
  expect(shown.out).toMatch(/\nNothing was signed\. With --sign it is 1 decision; 1 would stay open\.\n$/)
})

test('what cannot be signed is told with what to do, ends with 2, and keeps nothing else from being told', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  await using host = await serve(ben)
  const alike = ['decide-alike', '--all', '--pick-node', 'ada', '--sign', '--reason', 'x']
  const said = await host.read(...alike)
  expect(said.code).toBe(2)
  expect(said.out).toMatch(/ stays open +z6Mk\w{8}…: /)
  expect(said.out).toMatch(/[0-9a-f]{12} +NOT SIGNED +This node’s own feed stands still at a fork, .+\. \S.+\.\n/)
  expect(said.out).toMatch(/\nSigned 0 decisions; 2 not signed\.\n$/)
  const { items } = z
    .object({ items: z.array(z.object({ decision: z.null(), problem: z.object({ kept: z.string() }).nullable() })) })
    .parse((await host.run(...alike)).json)
  expect(items.map(({ problem }) => problem?.kept ?? null)).toContain('Nothing was signed.')
  expect(items.map(({ problem }) => problem)).toContain(null)
})

test('where no open conflict fits, nothing is asked and nothing signed', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const none = await host.read('decide-alike', '--task', 'other', '--none', '--sign', '--reason', 'x')
  expect(none).toMatchObject({ code: 0, out: 'No open conflict fits.\n' })
  expect(await ada.conflicts()).toHaveLength(1)
})

test('a conflict that is named twice is decided once', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const [conflict] = await ada.conflicts()
  const id = conflict?.id ?? ''
  await using host = await serve(ada)
  const said = await host.read('decide-alike', id, id.slice(7, 19), '--none', '--sign', '--reason', 'both are wrong')
  expect(said.out).toMatch(/^[0-9a-f]{12} +signed [0-9a-f]{12} .*\nSigned 1 decision; 0 not signed\.\n$/)
})

test('of a conflict that was solved meanwhile it is said that it stays as it is, also with --sign', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const [conflict] = await ada.conflicts()
  const id = conflict?.id ?? ''
  await using host = await serve(ada)
  await host.run('decide', id, '--none', '--reason', 'both are wrong')
  const said = await host.read('decide-alike', id, '--pick-newest', '--sign', '--plan-step', 'S1')
  expect(said.code).toBe(0)
  expect(said.out).toMatch(/ stays open +.*It was solved meanwhile\.\nSigned 0 decisions; 1 not signed\.\n$/)
})
