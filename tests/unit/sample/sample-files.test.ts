import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packSampleFiles } from '../../../build/make-sample-files.ts'

test('the files that the sample network signs are the real ones, byte for byte', () => {
  // A difference means that core/sample/teof-files.json was edited by hand, or not made anew: node build/make-sample-files.ts
  expect(readFileSync('core/sample/teof-files.json', 'utf8')).toBe(packSampleFiles())
})
