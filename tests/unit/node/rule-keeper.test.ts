// Standing rules at work: in pieces, so that nobody waits for them, and none of them after the node has ended.
import { expect, test } from 'vitest'
import type { Timers } from '#core/exchange/index.ts'
import { createRuleKeeper } from '#core/node/rule-keeper.ts'
import type { Draft } from '#core/receipts/index.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'

const DRAFT: Draft = { kind: 'decision/made', subject: 'a', task: null, anchor: null, body: {} }

/** A keeper with that many decisions to sign, and timers that run when the test says so. */
function keeperOf(decisions: number, background = true) {
  let left = decisions
  let signed = 0
  const waiting = new Map<number, () => void>()
  const bugs: unknown[] = []
  const timers: Timers = {
    setTimeout: (run) => {
      waiting.set(waiting.size + 1, run)
      return waiting.size
    },
    clearTimeout: (handle) => void waiting.delete(Number(handle)),
    setInterval: () => 0,
    clearInterval: () => undefined,
  }
  const keeper = createRuleKeeper({
    background,
    timers,
    clock: () => instantAt(START),
    decisions: (_now, limit) => Array.from({ length: Math.min(limit, left) }, () => DRAFT),
    sign: () => {
      if (left < 0) throw new Error('the disk is full')
      left--
      signed++
    },
    onBug: (thrown) => void bugs.push(thrown),
  })
  return {
    keeper,
    bugs,
    waiting: () => waiting.size,
    signed: () => signed,
    fire: () => {
      const due = [...waiting.values()]
      waiting.clear()
      for (const run of due) run()
    },
  }
}

test('in the background what is due is signed in pieces, others being answered between them', () => {
  const { keeper, fire, signed, waiting } = keeperOf(120)
  keeper.due()
  keeper.due()
  expect([waiting(), signed()]).toEqual([1, 0])
  const after: number[] = []
  for (let piece = 0; piece < 4; piece++) {
    fire()
    after.push(signed())
  }
  expect(after).toEqual([50, 100, 120, 120])
  expect(waiting()).toBe(0)
})

test('asked for now, all of it is signed and counted', () => {
  expect(keeperOf(120).keeper.apply()).toBe(120)
  expect(keeperOf(100).keeper.apply()).toBe(100)
  expect(keeperOf(0).keeper.apply()).toBe(0)
})

test('a node that works in the foreground signs nothing by itself', () => {
  const { keeper, waiting } = keeperOf(3, false)
  keeper.due()
  expect(waiting()).toBe(0)
})

test('a node that has ended signs nothing more, also of what was due', () => {
  const { keeper, fire, signed, waiting } = keeperOf(3)
  keeper.due()
  keeper.close()
  fire()
  keeper.due()
  expect([signed(), waiting()]).toEqual([0, 0])
  // And one that waits for nothing ends as well.
  keeperOf(0).keeper.close()
})
