import { expect, test } from 'vitest'
import type { Json } from '#core/contract/index.ts'
import { findTask, frontMatter, planFiles, proposedFacts, taskNames } from '#core/tasks/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { foundNetwork, LATER, World } from '#tests/kit/world.ts'

type Body = { readonly [key: string]: Json }

class Cast implements Disposable {
  readonly ada = new TestNode('ada')
  readonly world: World

  constructor() {
    const genesis = foundNetwork([this.ada])
    this.world = new World().joinNetwork(genesis.id)
    this.world.deliver(this.ada.signed)
  }

  sign(kind: string, subject: string, body: Body, task: string | null = 'pilot') {
    const receipt = this.ada.sign({ kind, subject, task, anchor: null, body })
    this.world.deliver([receipt])
    return receipt
  }

  find(task = 'pilot', limit = 100) {
    return findTask(this.world.db, task, LATER, limit)
  }

  [Symbol.dispose](): void {
    this.world[Symbol.dispose]()
  }
}

test.each<[string, Body, readonly { plan: string; step: string }[]]>([
  ['its plan and step', { plan_id: 'levels', plan_step_id: 'S2' }, [{ plan: 'levels', step: 'S2' }]],
  ['a step of the task', { planStep: 'S3' }, [{ plan: 'pilot', step: 'S3' }]],
  ['a plan and no step', { plan_id: 'levels' }, []],
  ['no step by name', { plan_step_id: '', planStep: 7 }, []],
])('evidence is linked by %s', (_, body, links) => {
  using cast = new Cast()
  cast.sign('evidence/observed', 'usage.json', body)
  expect(cast.find().receipts.map((one) => one.links)).toEqual([links])
})

test('what a plan leaves out is left out on its page: titles of the plan and of its steps, notes, receipts', () => {
  using cast = new Cast()
  cast.sign('plan/proposed', 'plans/pilot', { plan: 'pilot', steps: [{ id: 'S1' }, { id: 'S2', title: 'Look' }] })
  cast.sign('plan/step', 'pilot#S1', { plan: 'pilot', step: 'S1', status: 'open' })
  const [said, proposed] = cast.find().receipts
  expect(proposed?.plan).toMatchObject({
    summary: null,
    steps: [
      { id: 'S1', title: null },
      { id: 'S2', title: 'Look' },
    ],
  })
  expect(said?.step).toEqual({ plan: 'pilot', step: 'S1', status: 'open', note: null, names: [] })
})

test('what speaks of a plan in a shape that nobody can read is a receipt of its task and no word on the plan', () => {
  using cast = new Cast()
  cast.sign('plan/step', 'pilot#S1', { plan: 'pilot', status: 'done' })
  cast.sign('plan/proposed', 'plans/other', { plan: 'other', steps: 'many' }, null)
  expect(cast.find().receipts).toMatchObject([{ step: null, plan: null }])
  expect(cast.find('other').receipts).toEqual([])
  expect(taskNames(cast.world.db, 10)).toEqual(['pilot'])
  expect(proposedFacts(cast.world.db)).toEqual([])
})

test.each<[string, Json, boolean]>([
  ['a hash', { hash: `sha256:${'a'.repeat(64)}`, size: 2, name: 'p' }, true],
  ['something that is no hash', { hash: 'sha256:aa' }, false],
  ['a number in its place', { hash: 7 }, false],
  ['words', 'the plan', false],
  ['nothing', null, false],
  ['an object without a hash', {}, false],
])('a plan file is read where its receipt names content by %s', (_, content, isRead) => {
  using cast = new Cast()
  cast.sign('evidence/observed', '_plans/pilot.plan.json', { content })
  expect(planFiles(cast.world.db, 10)).toHaveLength(isRead ? 1 : 0)
  expect(cast.find().receipts).toMatchObject([{ content: isRead ? `sha256:${'a'.repeat(64)}` : null }])
})

test('a task with more receipts than a page takes says how many it leaves out', () => {
  using cast = new Cast()
  for (const name of ['a', 'b', 'c']) cast.sign('evidence/observed', `${name}.json`, { n: 1 })
  const { receipts, more } = cast.find('pilot', 2)
  expect(receipts.map(({ subject }) => subject)).toEqual(['c.json', 'b.json'])
  expect(more).toBe(1)
})

test.each<[string, readonly { key: string; text: string }[]]>([
  ['---\nbatch: 7\n# A remark\n- a list\n7: seven\nno colon\n---\n', [{ key: 'batch', text: '7' }]],
  [
    `---\none: "it's"\ntwo: 'so'\nthree: "open\n---\n`,
    [
      { key: 'one', text: "it's" },
      { key: 'two', text: 'so' },
      { key: 'three', text: '"open' },
    ],
  ],
  ['---\r\nlink: https://example.org/a:b\r\nempty:\r\n---\r\n', [{ key: 'link', text: 'https://example.org/a:b' }]],
  [`---\n${'x: 1\n'.repeat(200)}---\n`, []],
])('in front of a proposal %j says', (text, facts) => {
  expect(frontMatter(text)).toEqual(facts)
})
