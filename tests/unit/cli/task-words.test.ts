// Anchors, tasks, imported directories and coverage in the terminal. Commands go through a running host.
import { expect, test } from 'vitest'
import { corpusFolder } from '#tests/kit/importer.ts'
import { Place } from '#tests/kit/place.ts'
import { serve } from './served.ts'

const ANCHOR = `sha256:${'a1'.repeat(32)}`

test('anchors are shown with who stands under them, and who never named one', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  expect((await host.read('anchors')).out).toMatch(/^No anchors yet\. /)
  const content = { type: 'body' as const, body: { hash: ANCHOR, previous: null, label: 'capsule v1' } }
  await ben.observe('before.json', { v: 1 })
  await ada.steward.receipts.sign({ kind: 'governance/anchor', subject: 'v1', task: null, anchor: null, content })
  await ada.observe('under.json', { v: 1 })
  await place.settle([ada, ben])
  const { out } = await host.read('anchors')
  expect(out).toMatch(/\na1a1a1a1a1a1 +capsule v1 +\S+ \S+ UTC +newest +1 +ada\n/)
  expect(out).toContain('\nNever named an anchor: ben\n')
  expect((await host.read('receipts', '--anchor', 'a1'.repeat(32))).out).toContain('under.json\n')
  expect((await host.run('anchors')).json).toMatchObject({ anchors: [{ hash: ANCHOR, claims: 1 }] })
})

test('tasks are listed with their steps, filtered by what plans say, and shown step by step', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const sign = (kind: string, subject: string, body: object) =>
    ada.steward.receipts.sign({
      kind,
      subject,
      task: 'pilot',
      anchor: null,
      content: { type: 'body', body: JSON.parse(JSON.stringify(body)) as never }, // what a person types is JSON
    })
  const evidence = await ada.observe('meter.json', { v: 1 }, 'pilot')
  await sign('plan/step', 'P/S1', { plan: 'pilot', step: 'S1', status: 'done', receipts: [evidence], note: 'read it' })
  await sign('plan/step', 'P/S2', { plan: 'pilot', step: 'S2', status: 'doing' })
  await using host = await serve(ada)
  expect((await host.read('tasks')).out).toMatch(/^TASK +DONE +LACKING .*\npilot +1\/2 +1 +0 +3 /)
  expect((await host.read('tasks', '--lacking')).out).toContain('\npilot ')
  expect((await host.read('tasks', '--text', 'nothing')).out).toBe('No tasks.\n')
  expect((await host.read('tasks', '--fact', 'status=queued')).out).toBe('No tasks.\n')
  expect((await host.read('tasks', '--fact', 'status')).err).toContain('--fact status names no value.\n')
  expect((await host.read('tasks', '--choices')).out).toBe('No plan says anything about itself.\n')
  const { out } = await host.read('task', 'pilot')
  expect(out).toMatch(/^Task +pilot\nSteps +1 of 2 done\nReceipts +3 by ada \(3\)\n/)
  expect(out).toMatch(/\npilot S1: done\n {2}ada says done by receipt [0-9a-f]{12}: read it, naming \S+\n/)
  expect(out).toMatch(
    /\npilot S2: open\n {2}ada says doing by receipt [0-9a-f]{12}\n {2}Missing: Nobody has signed a receipt for S2\.\n/,
  )
  expect((await host.run('task', 'nothing')).json).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect((await host.run('task', 'pilot')).json).toMatchObject({
    task: 'pilot',
    steps: [{ step: 'S1' }, { step: 'S2' }],
  })
})

test('imported directories say where they stand; coverage says who lacks what the policy expects', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await using host = await serve(ada)
  expect((await host.read('origins')).out).toMatch(/^No directory was imported\./)
  expect((await host.read('coverage')).out).toMatch(/^The policy expects nothing\./)
  expect((await host.read('coverage', 'ada')).out).toMatch(/^The policy expects nothing\./)
  await host.run('import', corpusFolder('node-a'), corpusFolder('pilot-sample/node-b'))
  const { out } = await host.read('origins')
  expect(out).toMatch(
    /\nnode-a +\S+ \S+ UTC by ada +\d+ +newest \(8 events\) +\w+ \(\d+\/\d+\) +.*2 ok.* +[0-9a-f]{12}\n/,
  )
  expect(out).toMatch(/\nAnchors +ok /)

  await host.run('policy', 'sign', '--expect', '_report/usage/*.json', 'no-such/*')
  expect((await host.read('coverage')).out).toMatch(
    /^WHO +WHAT +HAS +SHARE\n(.*\n)*node-b +directory +\d+ of \d+ +\d+ %\n/,
  )
  expect((await host.read('coverage', 'node-b')).out).toMatch(/^LACKS +EXPECTED BY\n(.*\n)*no-such\/\* +no-such\/\*\n/)
  expect((await host.read('coverage', 'node-a')).out).not.toContain('_report/usage')
  await host.run('policy', 'sign', '--expect', '_report/usage/receipts-hygiene-summary.json')
  expect((await host.read('coverage', 'node-a')).out).toBe('It lacks nothing that is expected.\n')
  expect((await host.read('coverage', 'nobody')).err).toContain('No node is named nobody.')
})
