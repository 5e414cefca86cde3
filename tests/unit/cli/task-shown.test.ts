// Anchors and tasks as a person reads them where not all is well: anchors that nobody signed, steps without proof, plans that no longer
// count. Commands go through a running host.
import { expect, test } from 'vitest'
import { Place, type Core } from '#tests/kit/place.ts'
import { taskText } from '../../../core/hosts/cli/commands/task-texts.ts'
import { serve, type Served } from './served.ts'
import { signAnchor, signFile } from './signing.ts'

function signPlan(host: Served, core: Core, plan: string, content: object): Promise<string> {
  return signFile(host, core, { subject: `_plans/${plan}.plan.json`, content: JSON.stringify(content), task: plan })
}

test('anchors name what they follow, who moved on, and the claims that a newer one put aside', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signAnchor(ada, 'v1', 'a1', null)
  await place.settle([ada, ben])
  await ada.observe('x.json', { v: 1 })
  await ben.observe('x.json', { v: 2 })
  await signAnchor(ada, 'v2', 'a2', 'a1')
  await ada.observe('x.json', { v: 3 })
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const { out } = await host.read('anchors')
  expect(out).toMatch(/\na2a2a2a2a2a2 +v2 +\S+ \S+ UTC +newest +1 +v1 +ada\n/)
  expect(out).toMatch(/\na1a1a1a1a1a1 +v1 +\S+ \S+ UTC +followed +2 +ben\n/)
  expect(out).toMatch(/\nPut aside:\n[0-9a-f]{12} +ben +x\.json +Put aside by rule: .*v2.*\.\n$/)
  expect(out).not.toContain('Never named an anchor')
})

test('an anchor that claims name and nobody signed who counts stands apart, with its claims counted', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signAnchor(ben, 'v1', 'a1', null)
  await place.settle([ada, ben])
  await ada.observe('x.json', { v: 1 })
  await ada.steward.network.block({ node: ben.id })
  await using host = await serve(ada)
  expect((await host.read('anchors')).out).toContain(
    '\nNamed by claims and signed by nobody that counts:\na1a1a1a1a1a1  1 claim  ada\n',
  )
})

test('a task that no plan is about has no steps; what plans say is offered to filter by', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.observe('loose.json', { v: 1 }, 'bare')
  await using host = await serve(ada)
  await signPlan(host, ada, 'quiet', { plan_id: 'quiet', status: 'queued', steps: [] })
  const listed = (await host.read('tasks')).out
  expect(listed).toMatch(/\nbare +0 +1 +\S+ \S+ UTC\nquiet +0 +1 +\S+ \S+ UTC\n$/)
  expect((await host.read('tasks', '--choices')).out).toMatch(/^status +queued\n$/)
  expect((await host.read('tasks', '--fact', 'status=queued')).out).not.toContain('bare')
  const { out } = await host.read('task', 'bare')
  expect(out).toMatch(/^Task +bare\nSteps +no plan names any\nReceipts +1 by ada \(1\)\n/)
  expect(out).toMatch(
    /\nReceipts of no step:\n {2}[0-9a-f]{12} {2}\S+ \S+ UTC {2}ada {2}evidence\/observed {2}loose\.json\n$/,
  )
})

test('a plan is read out step by step: what it names, what of that is not here, and what lies in a conflict', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  const plan = await signPlan(host, ada, 'pilot', {
    plan_id: 'pilot',
    summary: 'The pilot',
    status: 'queued',
    steps: [
      { id: 'S1', title: 'Look', status: 'done', receipts: ['_report/here.json', '_report/away.json'] },
      { id: 'S2', status: 'done' },
    ],
  })
  const here = await signFile(host, ada, { subject: '_report/here.json', content: '{}', task: 'pilot' })
  await ada.observe('meter.json', { v: 1 }, 'pilot')
  await ben.observe('meter.json', { v: 2 }, 'pilot')
  await place.settle([ada, ben])
  const [conflict] = await ada.conflicts()
  const { out } = await host.read('task', 'pilot')
  expect(out).toMatch(/\nTitle +The pilot\nSteps +1 of 2 done\n/)
  expect(out).toContain(`\nPlan      pilot of ada, receipt ${plan.slice(7, 19)}; status: queued\n`)
  expect(out).toContain(`\nConflict  ${conflict?.id.slice(7, 19)} meter.json: two claims differ\n`)
  expect(out).toContain(
    '\npilot S1 Look: done\n  ada says done in a plan, naming _report/here.json, _report/away.json (not here)\n',
  )
  expect(out).toContain(`\n  ${here.slice(7, 19)}  `)
  expect(out).toContain(
    '\npilot S2: called done without a receipt, so not done\n  ada says done in a plan\n  Missing: ada calls S2 done and names no receipt for it.\n',
  )
  const disputed = `meter.json, in conflict ${conflict?.id.slice(7, 19)}\n`
  expect(out.match(/meter\.json, in conflict .*\n/g)).toEqual([disputed, disputed])
})

test('what a newer anchor put aside is told as no longer counting: the plan, what it says, and its receipts', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const plan = { plan_id: 'pilot', steps: [{ id: 'S1', status: 'doing' }] }
  await using adas = await serve(ada)
  await using bens = await serve(ben)
  await signAnchor(ada, 'v1', 'a1', null)
  await place.settle([ada, ben])
  await signPlan(bens, ben, 'pilot', plan)
  await ben.observe('meter.json', { v: 1 }, 'pilot')
  await signAnchor(ada, 'v2', 'a2', 'a1')
  await signPlan(adas, ada, 'pilot', { ...plan, steps: [{ id: 'S1', status: 'done' }] })
  await ada.observe('meter.json', { v: 2 }, 'pilot')
  await place.settle([ada, ben])
  const { out } = await adas.read('task', 'pilot')
  expect(out).toMatch(/\nPlan +pilot of ben, receipt [0-9a-f]{12} \(no longer counts: .*v2.*\)\n/)
  expect(out).toMatch(/\n {2}ben says doing in a plan \(no longer counts: .*\)\n/)
  expect(out).toMatch(/ {2}ben {2}evidence\/observed {2}meter\.json \(no longer counts: .*\)\n/)
  expect(out).toMatch(/\nPlan +pilot of ada, receipt [0-9a-f]{12}\n/)
})

test('receipts that were left out since there are too many are counted', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.observe('loose.json', { v: 1 }, 'bare')
  const view = await ada.steward.tasks.get({ task: 'bare' })
  expect(taskText({ ...view, more: 1 })).toMatch(/loose\.json\nand 1 older receipt\n$/)
  expect(taskText({ ...view, more: 1200 })).toMatch(/\nand 1200 older receipts\n$/)
})
