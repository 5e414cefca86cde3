import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseClaim,
  chooseNone,
  chooseReplacement,
  chooseSeveral,
  editReplacement,
  EMPTY_DRAFT,
  keepWhatStands,
  readiness,
} from '#ui/store/verdict-draft.ts'
import { claim, containing } from './small-network.ts'

const two = [claim('ada', '12'), claim('ben', '14')] as const
const three = [...two, claim('cleo', '15')] as const

describe('the claim picked is the claim signed', () => {
  test('also when the claims change places between the key and the signature', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.shuffledSubarray([...three], { minLength: 3 }),
        fc.shuffledSubarray([...three], { minLength: 3 }),
        (position, seen, later) => {
          const draft = keepWhatStands(chooseClaim(EMPTY_DRAFT, seen, position), later)
          expect(readiness(draft, later)).toEqual({
            ready: true,
            verdict: { type: 'pick', receipt: seen[position]?.receipt },
          })
        },
      ),
    )
  })

  test('a claim that has left the conflict is not signed, and the reason is kept', () => {
    const draft = { ...chooseClaim(EMPTY_DRAFT, two, 1), reason: 'Counted later' }
    expect(readiness(draft, [two[0]])).toMatchObject({ ready: false, missing: 'verdict' })
    expect(keepWhatStands(draft, [two[0]])).toEqual({ ...EMPTY_DRAFT, reason: 'Counted later' })
  })

  test('a key for a claim that is not there changes nothing', () => {
    expect(chooseClaim(EMPTY_DRAFT, two, 7)).toBe(EMPTY_DRAFT)
  })
})

describe('several valid', () => {
  test('of two claims, one key means both', () => {
    expect(readiness(chooseSeveral(EMPTY_DRAFT, two), two)).toEqual({
      ready: true,
      verdict: { type: 'several', receipts: two.map((member) => member.receipt) },
    })
  })

  test('of three, the steward says which, and fewer than two are not signed', () => {
    const first = chooseSeveral(chooseClaim(EMPTY_DRAFT, three, 2), three)
    expect(readiness(first, three)).toMatchObject({ ready: false, missing: 'claims' })
    const both = chooseClaim(first, three, 0)
    expect(readiness(both, three)).toMatchObject({
      ready: true,
      verdict: { type: 'several', receipts: [three[2].receipt, three[0].receipt] },
    })
    expect(readiness(chooseClaim(both, three, 2), three)).toMatchObject({ ready: false, missing: 'claims' })
  })
})

describe('the reason', () => {
  test('is required for none and for a replacement, not for a pick', () => {
    expect(readiness(chooseNone(EMPTY_DRAFT), two)).toMatchObject({ ready: false, missing: 'reason' })
    expect(readiness({ ...chooseNone(EMPTY_DRAFT), reason: '  ' }, two)).toMatchObject({ ready: false })
    expect(readiness({ ...chooseNone(EMPTY_DRAFT), reason: 'Both count wrongly' }, two)).toMatchObject({ ready: true })
    expect(readiness(chooseReplacement(EMPTY_DRAFT, two), two)).toMatchObject({ ready: false, missing: 'reason' })
    expect(readiness(chooseClaim(EMPTY_DRAFT, two, 0), two)).toMatchObject({ ready: true })
  })
})

describe('a replacement', () => {
  const reasoned = { ...EMPTY_DRAFT, reason: 'Counted again by hand' }

  test('starts from the claim that was picked, laid out to be read', () => {
    const draft = chooseReplacement(chooseClaim(reasoned, two, 1), two)
    expect(draft.choice).toMatchObject({ from: two[1].receipt, text: '{\n  "count": 14\n}' })
    expect(readiness(draft, two)).toMatchObject({ verdict: { type: 'replacement', body: { count: 14 } } })
  })

  test('is not signed while it is not JSON, and says in which line', () => {
    const draft = editReplacement(chooseReplacement(reasoned, two), '{\n  "count": \n}')
    expect(readiness(draft, two)).toMatchObject({ missing: 'json', why: containing('line 3') })
  })

  test('is not signed where JSON would silently sign something else than was typed', () => {
    const start = chooseReplacement(reasoned, two)
    expect(readiness(editReplacement(start, '{"count":1,"count":2}'), two)).toMatchObject({
      missing: 'json',
      why: containing('twice'),
    })
    expect(readiness(editReplacement(start, '{"count":9007199254740993}'), two)).toMatchObject({
      missing: 'json',
      why: containing('9007199254740993'),
    })
    expect(readiness(editReplacement(start, '{"count":"9007199254740993","a":[{"count":1}]}'), two)).toMatchObject({
      ready: true,
    })
  })
})
