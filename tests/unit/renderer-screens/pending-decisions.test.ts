import { expect, test } from 'vitest'
import {
  conflictsInHand,
  countingFor,
  foldTray,
  hasUnsigned,
  lastUndoable,
  type PendingDecision,
  pendingStore,
  signedCount,
} from '#ui/store/pending-decisions.ts'
import { claim, conflictId, review, smallCore, type SmallCore, standingClock, until } from './small-network.ts'

const members = [claim('ada', '12'), claim('ben', '14')] as const

function decision(name: string): PendingDecision {
  return {
    input: {
      conflict: conflictId(name),
      members: members.map((member) => member.receipt),
      verdict: { type: 'pick', receipt: members[1].receipt },
      reason: '',
      planStep: null,
    },
    subject: `${name}.json`,
    task: null,
    sentence: `For ${name}.json, ben's receipt #12 holds.`,
    draft: null,
  }
}

function world(undoSeconds = 10) {
  const core: SmallCore = smallCore([review('a', members)], undoSeconds)
  const clock = standingClock()
  return { core, clock, store: pendingStore(core.api, core.changes, clock) }
}

test('nothing is sent before ten seconds have passed, and undo within them sends nothing ever', async () => {
  const { core, clock, store } = world()
  const key = store.getState().sign([decision('a')])
  clock.pass(9_999)
  expect(store.getState().batches).toHaveLength(1)
  expect(store.getState().undo(key)).toEqual([decision('a')])
  clock.pass(60_000)
  await core.api.settings.get({}) // whatever was on its way to the core has arrived by now
  expect(core.decided).toEqual([])
  expect(store.getState().batches).toEqual([])
})

test('after the window exactly what the steward saw and chose is signed, once', async () => {
  const { core, clock, store } = world()
  const key = store.getState().sign([decision('a')])
  clock.pass(10_000)
  expect(store.getState().undo(key)).toEqual([])
  await until(store, (state) => state.batches.length === 0)
  clock.pass(60_000)
  expect(core.decided).toEqual([decision('a').input])
  expect(store.getState().signed.has(conflictId('a'))).toBe(true)
})

test('undo takes back the newest decision that still counts', () => {
  const { clock, store } = world()
  store.getState().sign([decision('a')])
  clock.pass(3_000)
  const second = store.getState().sign([decision('b')])
  expect(lastUndoable(store.getState().batches)?.key).toBe(second)
  expect(countingFor(store.getState().batches, conflictId('a'))?.key).not.toBe(second)
  expect(countingFor(store.getState().batches, conflictId('c'))).toBeNull()
})

test('while a decision waits, its conflict is in hand and closing the window would lose it', async () => {
  const { clock, store } = world()
  store.getState().sign([decision('a')])
  expect([...conflictsInHand(store.getState().batches)]).toEqual([conflictId('a')])
  expect(hasUnsigned(store.getState().batches)).toBe(true)
  clock.pass(10_000)
  await until(store, (state) => !hasUnsigned(state.batches))
})

test('the undo window is as long as the settings say; zero signs at once', async () => {
  const { core, store } = world(0)
  await until(store, (state) => state.undoSeconds === 0)
  store.getState().sign([decision('a')])
  await until(store, (state) => state.batches.length === 0)
  expect(core.decided).toHaveLength(1)
})

test('a decision on an outdated view stays in the tray with its reason, and can be tried again', async () => {
  const { core, clock, store } = world()
  core.refuse = {
    code: 'CONFLICT_CHANGED',
    happened: 'A claim was added.',
    kept: 'Nothing signed.',
    remedy: 'Look again.',
  }
  const key = store.getState().sign([decision('a')])
  clock.pass(10_000)
  const stopped = await until(store, (state) => state.batches[0]?.stage.state === 'stopped')
  expect(stopped.batches[0]?.outcomes[0]).toMatchObject({ state: 'failed', problem: { code: 'CONFLICT_CHANGED' } })
  expect(hasUnsigned(stopped.batches)).toBe(false)
  expect(conflictsInHand(stopped.batches).size).toBe(0)
  core.refuse = null
  store.getState().retry(key)
  await until(store, (state) => state.batches.length === 0)
  expect(core.decided).toHaveLength(1)
})

test('of several decided together each is its own decision, in the order of the preview', async () => {
  const { core, clock, store } = world()
  store.getState().sign(['a', 'b', 'c'].map(decision))
  clock.pass(10_000)
  await until(store, (state) => state.batches.length === 0)
  expect(core.decided.map((input) => input.conflict)).toEqual(['a', 'b', 'c'].map(conflictId))
})

test('the tray shows the newest that count down, and always what needs the steward', () => {
  const { store } = world()
  for (const name of ['a', 'b', 'c', 'd']) store.getState().sign([decision(name)])
  const { batches } = store.getState()
  const stopped = { key: 99, decisions: [], outcomes: [], stage: { state: 'stopped' as const } }
  const { shown, folded } = foldTray([stopped, ...batches], false)
  expect(shown.map(({ key }) => key)).toEqual([99, 3, 4])
  expect(folded).toBe(2)
  expect(foldTray(batches, true)).toEqual({ shown: batches, folded: 0 })
})

test('stopping while several are signed leaves the rest unsigned and says how many were', async () => {
  const { core, clock, store } = world()
  const key = store.getState().sign(['a', 'b', 'c'].map(decision))
  clock.pass(10_000)
  store.getState().stop(key)
  const stopped = await until(store, (state) => state.batches[0]?.stage.state === 'stopped')
  expect(core.decided).toHaveLength(1)
  expect(signedCount(stopped.batches[0] ?? { key, decisions: [], outcomes: [], stage: { state: 'stopped' } })).toBe(1)
})
