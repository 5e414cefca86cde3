import { expect, test } from 'vitest'
import type { ReceiptId } from '#core/contract/index.ts'
import { followFeed, type FeedLink, type ForkVerdict } from '#core/network/feed-course.ts'
import { sha256Id } from '#core/receipts/index.ts'

const id = (name: string) => sha256Id<ReceiptId>(name)
const START = { seq: 0, id: null }

/** Receipts as `name<previous`; several at one seq are several stories. */
function feed(...bySeq: readonly (readonly string[])[]): (seq: number) => FeedLink[] {
  return (seq) =>
    (bySeq[seq - 1] ?? [])
      .map((text) => text.split('<'))
      .map(([name, prev]) => ({ id: id(name!), prev: prev === undefined ? null : id(prev) }))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
}

const undecided = (): ForkVerdict => ({ outcome: 'undecided' })
const picks =
  (...names: readonly string[]) =>
  (members: readonly ReceiptId[]): ForkVerdict => {
    const picked = names.map(id).find((one) => members.includes(one))
    return picked === undefined ? { outcome: 'undecided' } : { outcome: 'pick', receipt: picked }
  }

test('a feed of one story goes on to its end', () => {
  expect(followFeed(START, feed(['a'], ['b<a'], ['c<b']), undecided)).toMatchObject({
    bound: { seq: 3, id: id('c') },
    forks: [],
  })
})

test('two receipts of one seq hold it at the last common one', () => {
  const course = followFeed(START, feed(['a'], ['b<a', 'x<a'], ['c<b']), undecided)
  expect(course).toMatchObject({ bound: { seq: 1, id: id('a') }, forks: [{ seq: 2 }] })
  expect(course.forks[0]?.members).toEqual([id('b'), id('x')].sort())
})

test('a receipt that does not follow the one before it is a fork of the two', () => {
  const course = followFeed(START, feed(['a'], ['b<unknown']), undecided)
  expect(course).toMatchObject({ bound: { seq: 1 }, forks: [{ seq: 2 }] })
  expect(course.forks[0]?.members).toEqual([id('a'), id('b')].sort())
})

test('the picked story goes on, and what belongs to the other one is no new fork', () => {
  const links = feed(['a'], ['b<a', 'x<a'], ['c<b', 'y<x'], ['d<c', 'z<y'])
  expect(followFeed(START, links, picks('b')).bound).toEqual({ seq: 4, id: id('d') })
  expect(followFeed(START, links, picks('x')).bound).toEqual({ seq: 4, id: id('z') })
})

test('it goes on to its next fork', () => {
  const links = feed(['a'], ['b<a', 'x<a'], ['c<b', 'd<b', 'y<x'])
  const course = followFeed(START, links, picks('b'))
  expect(course.bound).toEqual({ seq: 2, id: id('b') })
  expect(course.forks.map((fork) => fork.members)).toEqual([[id('b'), id('x')].sort(), [id('c'), id('d')].sort()])
})

test('none ends it', () => {
  const course = followFeed(START, feed(['a'], ['b<a', 'x<a'], ['c<b']), () => ({ outcome: 'none' }))
  expect(course.bound.seq).toBe(1)
})

test('a picked receipt whose story is not all here leads nowhere yet', () => {
  const course = followFeed(START, feed(['a'], ['b<a', 'x<unknown'], ['c<b']), picks('x'))
  expect(course.bound.seq).toBe(1)
})

test('a third story behind a decided fork holds it again', () => {
  const links = feed(['a'], ['b<a', 'x<a'], ['c<b', 'q<unknown'])
  expect(followFeed(START, links, picks('b'))).toMatchObject({ bound: { seq: 2 }, forks: [{ seq: 2 }, { seq: 3 }] })
})

test('going on from the bound comes out as going from the start', () => {
  const links = feed(['a'], ['b<a', 'x<a'], ['c<b', 'y<x'], ['d<c', 'z<y'])
  const short = followFeed(START, (seq) => (seq <= 2 ? links(seq) : []), picks('b'))
  expect(followFeed(short.bound, links, picks('b')).bound).toEqual(followFeed(START, links, picks('b')).bound)
})
