import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { grouped } from '#ui/components/grouped.ts'
import { bodyRows } from '#ui/screens/receipts/body-rows.ts'
import { fileSignature } from '#ui/screens/receipts/file-signature.ts'
import { columnsThatFit, RECEIPT_COLUMNS, stateWords, USUAL_COLUMNS } from '#ui/screens/receipts/receipt-columns.ts'
import { totalWords } from '#ui/screens/receipts/total-words.ts'

test('how many receipts are found is said as far as they were counted, and nothing where nothing is known', () => {
  expect(totalWords({ total: 1234, moreThan: null }, false)).toBe(`${grouped(1234)} in all`)
  expect(totalWords({ total: 0, moreThan: null }, true)).toBe('0 found')
  expect(totalWords({ total: null, moreThan: 20_000 }, true)).toBe(`more than ${grouped(20_000)} found`)
  expect(totalWords({ total: null, moreThan: null }, true)).toBe(null)
})

describe('the columns of the table', () => {
  const idsAt = (widthPx: number) => columnsThatFit(USUAL_COLUMNS, widthPx).map(({ id }) => id)

  test('all chosen ones are shown where there is room, in their order', () => {
    expect(idsAt(1_400)).toEqual([...USUAL_COLUMNS])
    expect(columnsThatFit(['id', 'time', 'subject'], 1_400).map(({ id }) => id)).toEqual(['time', 'subject', 'id'])
  })

  test('with less room the least needed give way, and when, who and what always stay', () => {
    expect(idsAt(640)).not.toContain('task')
    expect(idsAt(300)).toEqual(['time', 'node', 'subject'])
  })

  test('no width shows a column that was not chosen', () => {
    const anyColumns = fc.subarray(RECEIPT_COLUMNS.map(({ id }) => id))
    fc.assert(
      fc.property(anyColumns, fc.nat(2_000), (chosen, widthPx) => {
        expect(columnsThatFit(chosen, widthPx).filter(({ id }) => !chosen.includes(id))).toEqual([])
      }),
    )
  })

  test('a receipt that does not count says why, one that does says nothing', () => {
    expect(stateWords('merged')).toBeNull()
    expect(stateWords('not-admitted')).toMatchObject({ tone: 'amber', why: expect.any(String) as unknown })
  })
})

describe('the body of a receipt', () => {
  test('is read value by value, each under its path', () => {
    expect(bodyRows({ content: { hash: 'sha256:ab', size: 12 }, seen: [true, null], note: {} })).toEqual({
      rows: [
        { path: 'content.hash', value: 'sha256:ab' },
        { path: 'content.size', value: 12 },
        { path: 'seen[0]', value: true },
        { path: 'seen[1]', value: null },
        { path: 'note', value: '(empty)' },
      ],
      more: 0,
    })
  })

  test('of a long one the first values are shown and the rest is counted', () => {
    const { rows, more } = bodyRows({ items: Array.from({ length: 1_000 }, (_, place) => place) }, 60)
    expect(rows).toHaveLength(60)
    expect(more).toBe(940)
  })
})

describe('the signature in an imported file', () => {
  const ofFile = (envelope: { readonly [key: string]: string }) =>
    fileSignature({ origin: 'node-c', round: 1, path: 'a.json', envelope })

  test('says in which form it verified, and under which key', () => {
    expect(ofFile({ state: 'ok', keyId: 'keys/c.pub', form: 'systemic' })).toEqual({
      word: 'signature holds',
      tone: 'green',
      keyId: 'keys/c.pub',
      detail:
        'Verified in the form “systemic”: over its canonical form without signature, public_key_id and signature_algorithm.',
    })
    expect(ofFile({ state: 'ok', keyId: 'c', form: 'constructor' })?.detail).toBe('Verified in the form “constructor”.')
  })

  test.each([
    ['invalid', 'signature does not hold', 'Other bytes.'],
    ['unknown_key', 'signature under an unknown key', 'Other bytes.'],
    ['skipped', 'signature not checked', 'Other bytes.'],
    ['missing', 'no signature', 'The file carries no signature.'],
  ])('that is %s is called “%s”', (state, word, detail) => {
    expect(ofFile({ state, why: 'Other bytes.' })).toMatchObject({ word, detail })
  })

  test('is no matter of what a node says for itself', () => {
    expect(fileSignature({ envelope: { state: 'ok' } })).toBeNull()
    expect(fileSignature({ origin: 'node-c' })).toBeNull()
  })
})
