import { expect, test } from 'vitest'
import { rowsToCsv, rowsToJson } from '#ui/components/copy-rows.ts'

test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1'])(
  'a spreadsheet does not run %j when a list is pasted into it',
  (subject) => {
    const [, line = ''] = rowsToCsv([{ subject }]).split('\r\n')
    expect(line.replace(/^"/, '')).toMatch(/^'/)
  },
)

test('commas, quotes and line breaks stay inside their cell', () => {
  expect(rowsToCsv([{ a: 'x,y', b: 'say "hi"', c: 'one\ntwo', d: 3, e: null }])).toBe(
    'a,b,c,d,e\r\n"x,y","say ""hi""","one\ntwo",3,',
  )
})

test('a list without rows copies as nothing', () => {
  expect(rowsToCsv([])).toBe('')
  expect(rowsToJson([])).toBe('[]')
})
