import { describe, expect, test } from 'vitest'
import type { ConflictReview, DecisionView } from '#core/contract/index.ts'
import { createConflictsStore, idsOf, newsBetween } from '#ui/store/conflicts-store.ts'
import { chooseClaim, EMPTY_DRAFT } from '#ui/store/verdict-draft.ts'
import { claim, conflictId, NOON, nodeId, receiptId, review, smallCore, until } from './small-network.ts'

const members = [claim('ada', '12'), claim('ben', '14')]

function settled(before: ConflictReview, mine: boolean): ConflictReview {
  const decision: DecisionView = {
    id: receiptId('decision'),
    node: nodeId('cleo'),
    nodeName: 'cleo',
    time: NOON,
    verdict: { type: 'pick', receipt: members[1]?.receipt ?? receiptId('none') },
    sentence: "For a.json, ben's receipt #12 (14) holds.",
    reason: '',
    planStep: null,
    rule: null,
    withdrawn: null,
    counts: true,
    mine,
  }
  return { ...before, summary: { ...before.summary, status: 'settled' }, decisions: [decision] }
}

async function world() {
  const core = smallCore([review('a', members), review('b', members)])
  const store = createConflictsStore(core.api, core.changes)
  await until(store, (state) => state.queue.state === 'ready')
  const open = async (name: string) => {
    store.getState().show(conflictId(name))
    await until(store, (state) => state.open?.review.state === 'ready' && state.open.diff.state === 'ready')
  }
  return { core, store, open }
}

describe('solved elsewhere', () => {
  test('a decision that arrives while the review is open is told, and the page stays', async () => {
    const { core, store, open } = await world()
    await open('a')
    core.reviews.set(conflictId('a'), settled(review('a', members), false))
    core.tell(['conflicts'])
    const { open: now } = await until(store, (state) => state.open?.news !== null)
    expect(now?.news).toEqual({
      news: 'settled-elsewhere',
      by: 'cleo',
      sentence: "For a.json, ben's receipt #12 (14) holds.",
    })
    expect(now?.review).toMatchObject({ state: 'ready', value: { summary: { status: 'settled' } } })
  })

  test('the queue and the counts follow without anybody opening the conflict', async () => {
    const { core, store } = await world()
    core.reviews.set(conflictId('b'), settled(review('b', members), false))
    core.tell(['conflicts'])
    const state = await until(store, ({ queue }) => idsOf(queue).length === 1)
    expect(idsOf(state.queue)).toEqual([conflictId('a')])
    await until(store, ({ counts }) => counts.state === 'ready' && counts.value.settled === 1)
  })

  test('what was decided here is no news here', () => {
    const before = review('a', members)
    expect(newsBetween(before, settled(before, true))).toBeNull()
    expect(newsBetween(settled(before, true), before)).toEqual({ news: 'reopened' })
    expect(newsBetween(before, before)).toBeNull()
  })

  test('a conflict whose claims changed is shown as it was, and leads to the one that stands now', async () => {
    const { core, store, open } = await world()
    await open('a')
    core.reviews.delete(conflictId('a'))
    const heir = review('a', [...members, claim('cleo', '15')])
    core.reviews.set(conflictId('a with cleo'), {
      ...heir,
      summary: { ...heir.summary, id: conflictId('a with cleo') },
    })
    core.tell(['conflicts'])
    const { open: now } = await until(store, (state) => state.open?.news !== null)
    expect(now?.news).toEqual({ news: 'replaced', by: conflictId('a with cleo') })
    expect(now?.review).toMatchObject({ state: 'ready', value: { members } })
  })
})

test('a draft survives going to another conflict and back', async () => {
  const { store, open } = await world()
  await open('a')
  store.getState().edit(conflictId('a'), (draft) => ({ ...chooseClaim(draft, members, 1), reason: 'Counted later' }))
  await open('b')
  expect(store.getState().drafts.get(conflictId('b'))).toBeUndefined()
  await open('a')
  expect(store.getState().drafts.get(conflictId('a'))).toEqual({
    ...EMPTY_DRAFT,
    choice: { type: 'pick', receipt: members[1]?.receipt },
    reason: 'Counted later',
  })
})

test('equal fields are asked for when they are shown, and only folded afterwards', async () => {
  const { store, open } = await world()
  await open('a')
  expect(store.getState().open?.diff).toMatchObject({ value: { rows: [{ path: 'count' }], equalCount: 1 } })
  store.getState().showEqual(true)
  await until(store, ({ open: now }) => now?.diff.state === 'ready' && now.diff.value.rows.length === 2)
})

test('a link to what is listed already leaves the list and what is selected as they are', async () => {
  const { store } = await world()
  store.getState().select(conflictId('a'))
  const before = store.getState()
  store.getState().setFilter({ status: 'open', kinds: undefined, task: undefined })
  expect(store.getState()).toBe(before)
})

test('a filter asks the core anew and forgets the selection, which named rows that may be gone', async () => {
  const { store } = await world()
  store.getState().select(conflictId('a'))
  store.getState().setFilter({ subject: 'b.json' })
  const state = await until(store, ({ queue }) => idsOf(queue).length === 1)
  expect(idsOf(state.queue)).toEqual([conflictId('b')])
  expect(state.selection.chosen.size).toBe(0)
})
