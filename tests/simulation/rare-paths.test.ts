import { expect, test } from 'vitest'
import { neverSeen } from './rare-paths.ts'

const ONE_BAD_DAY = { examined: 9, overtaken: 80, 'conflict-copy': 20, observes: 70, hollow: 3, 'power-cut': 5 }

test('a search as long as the one of every change must have come across somebody who means harm', () => {
  expect(neverSeen(39, ONE_BAD_DAY)).toEqual([])
  expect(neverSeen(40, ONE_BAD_DAY)).toEqual([expect.stringContaining('liar-forked or ')])
  expect(neverSeen(40, { ...ONE_BAD_DAY, 'liar-withheld': 1 })).toEqual([])
})

test('a longer search must have come across what is rare', () => {
  expect(neverSeen(300, { ...ONE_BAD_DAY, 'liar-withheld': 1 })).toEqual(
    expect.arrayContaining(['placeholder', 'bit-rot', 'liar-replayed', 'fork-shown']),
  )
  expect(neverSeen(600, ONE_BAD_DAY)).toEqual(
    expect.arrayContaining(['rolled-back', 'ledger-from-old-copy', 'key-in-two-places', 'gone-for-good']),
  )
  expect(neverSeen(2_000, ONE_BAD_DAY)).toContain('fork-disputed')
})
