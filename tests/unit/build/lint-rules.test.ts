// The repository's own linter, with its own rules, on a small core of lines: what asks the machine is refused, each line of it.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

const ROOT = resolve(import.meta.dirname, '../../..')

const REFUSED = [
  // Packages, by whichever way they are taken.
  "import { readFileSync } from 'node:fs'",
  "import 'node:fs/promises'",
  "import * as fs from 'node:fs'",
  "import { readFile } from 'fs'",
  "import { connect } from 'node:http2'",
  "import { lookup } from 'node:dns/promises'",
  "import { getHeapStatistics } from 'node:v8'",
  "import { Session } from 'node:inspector'",
  "import { createRequire } from 'node:module'",
  "import { setTimeout as wait } from 'node:timers/promises'",
  "import { resolve } from 'node:path'",
  "import { randomInt } from 'node:crypto'",
  "import { randomUUID as hash } from 'node:crypto'",
  "import machineCrypto from 'node:crypto'",
  "import { default as otherCrypto } from 'node:crypto'",
  "import * as wholeCrypto from 'node:crypto'",
  "import chokidar from 'chokidar'",
  "import Database from 'better-sqlite3'",
  "import { app } from 'electron'",
  "import { useState } from 'react'",
  "import { Encrypter } from 'age-encryption'",
  "import { generateMnemonic } from '@scure/bip39'",
  "export { readdirSync } from 'node:fs'",
  "export * from 'node:os'",
  "export const loaded = import('node:fs')",
  "export const { Encrypter: Sealer } = await import('age-encryption')",
  "export const whole = await import('age-encryption')",
  'export const named = (name: string) => import(name)',
  "export const required = require('node:fs')",
  'export const here = import.meta.url',
  // Adapters, by whichever way.
  "import { nodeFolderAdapter } from './folder-adapter.ts'",
  "import './folder-adapter.ts'",
  "import { run } from './verify.worker.ts'",
  "import { systemTimers } from '#core/exchange/index.ts'",
  "import { systemTimers as timers } from '#core/exchange/index.ts'",
  "import * as exchange from '#core/exchange/index.ts'",
  "export { nodeFolderAdapter as adapter } from './folder-adapter.ts'",
  "export { systemTimers as made } from '#core/exchange/index.ts'",
  "export * from '#core/exchange/index.ts'",
  "export * as door from '#core/exchange/index.ts'",
  "export const late = import('./folder-adapter.ts')",
  "export const { systemTimers: lateTimers } = await import('#core/exchange/index.ts')",
  "export const lateDoor = await import('#core/exchange/index.ts')",
  // The clock.
  'export const a1 = Date.now()',
  'export const a2 = new Date()',
  'export const a3 = Date()',
  'export const a4 = new Date(2026, 1, 1)',
  'export const a5 = new Date(...[])',
  'export const a6 = new globalThis.Date()',
  'export const A7 = Date',
  'export const { now } = Date',
  "export const a8 = Date['now']()",
  'export const a9 = Reflect.construct(Date, [])',
  'export const a10 = Temporal.Now.instant()',
  'export const a11 = new Intl.DateTimeFormat().format()',
  'export const a12 = performance.now()',
  'export const a13 = process.hrtime()',
  // The zone and the locale.
  'export const b1 = (date: Date) => date.getHours()',
  'export const b2 = (date: Date) => date.setDate(1)',
  'export const b3 = (date: Date) => date.getTimezoneOffset()',
  "export const b4 = (date: Date) => date['getDay']()",
  'export const b5 = (date: Date) => date.toDateString()',
  "export const b6 = (date: Date) => date.toLocaleDateString('en')",
  'export const b7 = (count: number) => count.toLocaleString()',
  "export const b8 = 'a'.localeCompare('b')",
  "export const b9 = 'a'.toLocaleUpperCase()",
  // Timers, randomness, network, surroundings.
  'setTimeout(() => undefined, 1)',
  'export const c1 = globalThis.setTimeout',
  'export const c2 = global.setTimeout',
  'export const c3 = self.crypto',
  'export const c4 = window.fetch',
  'queueMicrotask(() => undefined)',
  'process.nextTick(() => undefined)',
  'export const c5 = AbortSignal.timeout(1)',
  'export const d1 = Math.random()',
  'export const { random } = Math',
  "export const d2 = Math['random']()",
  'export const d3 = crypto.getRandomValues(new Uint8Array(1))',
  "export const e1 = fetch('x')",
  'export const e2 = new XMLHttpRequest()',
  "export const e3 = new WebSocket('x')",
  "export const e4 = new Worker('x')",
  'export const f1 = process.env',
  'export const f2 = process.platform',
  "export const f3 = process.getBuiltinModule('node:fs')",
  'export const f4 = navigator.language',
  "console.log('x')",
]

const TAKEN = [
  "import { createHash, hash, sign, verify as check } from 'node:crypto'",
  "import type { KeyObject } from 'node:crypto'",
  "import { createPrivateKey, type Hash } from 'node:crypto'",
  "import { isUtf8 } from 'node:buffer'",
  "import { isAbsolute, join } from 'node:path'",
  "import type { Stats } from 'node:fs'",
  "import type { Database } from 'better-sqlite3'",
  "import canonicalize from 'canonicalize'",
  "import * as z from 'zod'",
  "import type { FolderAdapter } from './folder-adapter.ts'",
  "import { type FileStat } from './folder-adapter.ts'",
  "import { openDatabase } from './database-adapter.ts'",
  "import { openExchange, type Timers } from '#core/exchange/index.ts'",
  "import type * as door from '#core/exchange/index.ts'",
  "import { feedOf } from './feed.ts'",
  "export { other } from './other.ts'",
  "export type { FolderListing } from './folder-adapter.ts'",
  "export const { Decrypter } = await import('age-encryption')",
  "export const a1 = Date.parse('2026-01-01T00:00:00Z') + Date.UTC(2026, 1)",
  'export const a2 = new Date(0).toISOString()',
  'export const a3 = (date: Date): Date => date',
  'export const a4 = (date: Date) => date.getUTCHours()',
  "export const a5 = (count: number) => count.toLocaleString('en')",
  "export const a6 = 'a'.localeCompare('b', 'en')",
  'export const a7 = Math.max(1, 2)',
  'export const a8 = (crypto: { getRandomValues(): number }) => crypto.getRandomValues()',
  'export const a9 = (signal: AbortSignal) => signal.aborted',
  "export const a10 = JSON.stringify(new Map([[1, Buffer.from('x')]]))",
]

const Report = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })),
    }),
  ),
})

/** What else is asked of a file of core says nothing here: that of these lines few are used. */
const HOUSE_RULE = /^steward\(/
const FILES: Readonly<Record<string, readonly string[]>> = {
  'core/exchange/refused.ts': REFUSED,
  'core/exchange/taken.ts': TAKEN,
  'core/exchange/folder-adapter.ts': ["import { stat } from 'node:fs'", 'export const now = Date.now()'],
  'core/exchange/verify.worker.ts': ["import { parentPort } from 'node:worker_threads'"],
  'core/hosts/cli/main.ts': ["import { systemTimers } from '#core/exchange/index.ts'", 'process.exit(systemTimers)'],
  'core/exchange/index.ts': [
    "export { nodeFolderAdapter } from './folder-adapter.ts'",
    "export type { FolderAdapter } from './folder-adapter.ts'",
    "export { type FileStat, systemTimers } from './timers-adapter.ts'",
    "export * from './types.ts'",
    "export { nodeFolderAdapter as harmless } from './folder-adapter.ts'",
    "export { somethingNew } from './folder-adapter.ts'",
    "export { systemTimers as others } from '#core/node/index.ts'",
    "export * from './folder-adapter.ts'",
    "import { holdFolder } from './folder-adapter.ts'",
    'export const now = Date.now()',
  ],
}

let refusedLines: ReadonlyMap<string, ReadonlySet<number>>

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-lint-'))
  try {
    for (const name of ['.oxlintrc.json', 'build/lint-rules.ts']) cpSync(join(ROOT, name), join(folder, name))
    for (const [name, lines] of Object.entries({ ...FILES, 'package.json': ['{ "type": "module" }'] })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
    }
    const { diagnostics } = Report.parse(JSON.parse(lintedIn(folder)))
    const own = diagnostics.filter(({ code }) => HOUSE_RULE.test(code))
    const byFile = Map.groupBy(own, ({ filename }) => filename.replaceAll('\\', '/'))
    refusedLines = new Map(
      [...byFile].map(([file, found]) => [file, new Set(found.map(({ labels }) => labels[0]!.span.line))]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

function lintedIn(folder: string): string {
  const args = [join(ROOT, 'node_modules/oxlint/bin/oxlint'), '--format=json', '--threads=1', 'core']
  try {
    return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 50_000 })
  } catch (thrown) {
    // It found something, as it should.
    return z.object({ stdout: z.string() }).parse(thrown).stdout
  }
}

function isRefused(file: string, line: string): boolean {
  return refusedLines.get(file)?.has(FILES[file]!.indexOf(line) + 1) ?? false
}

describe('core may not ask the machine', () => {
  test.each(REFUSED)('%s', (line) => {
    expect(isRefused('core/exchange/refused.ts', line)).toBe(true)
  })
})

test('what only computes is taken', () => {
  expect(TAKEN.filter((line) => isRefused('core/exchange/taken.ts', line))).toEqual([])
})

test('adapters, workers and hosts ask it', () => {
  const asking = ['core/exchange/folder-adapter.ts', 'core/exchange/verify.worker.ts', 'core/hosts/cli/main.ts']
  expect(asking.filter((file) => refusedLines.has(file))).toEqual([])
})

test('a front door lets adapters out under names that are listed, and asks nothing itself', () => {
  const door = 'core/exchange/index.ts'
  expect(FILES[door]!.filter((line) => isRefused(door, line))).toEqual(FILES[door]!.slice(4))
})
