import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sourceStamp } from '#core/hosts/compiled/built-core.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steward-stamp-'))
  mkdirSync(join(root, 'core', 'ledger'), { recursive: true })
  writeFileSync(join(root, 'package-lock.json'), '{}')
  writeFileSync(join(root, 'core', 'ledger', 'index.ts'), 'export const one = 1\n')
})
afterEach(() => rmSync(root, { recursive: true }))

test('a bundle of the core counts as made of these sources only while nothing in them has changed', () => {
  const made = sourceStamp(root)
  expect(sourceStamp(root)).toBe(made)

  writeFileSync(join(root, 'core', 'ledger', 'added.ts'), '')
  expect(sourceStamp(root)).not.toBe(made)
  rmSync(join(root, 'core', 'ledger', 'added.ts'))
  expect(sourceStamp(root)).toBe(made)

  // The same length, a moment later.
  writeFileSync(join(root, 'core', 'ledger', 'index.ts'), 'export const one = 2\n')
  utimesSync(join(root, 'core', 'ledger', 'index.ts'), new Date(), new Date(Date.now() + 1000))
  expect(sourceStamp(root)).not.toBe(made)
})

test('another library makes another stamp', () => {
  const made = sourceStamp(root)
  writeFileSync(join(root, 'package-lock.json'), '{ "packages": {} }')
  expect(sourceStamp(root)).not.toBe(made)
})
