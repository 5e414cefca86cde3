// Runs verify.py, the second implementation, as somebody who has nothing of Steward does.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import * as z from 'zod'
import { findPythonWithNacl } from '#tests/python.ts'

export const python = findPythonWithNacl()
export const script = fileURLToPath(new URL('verify.py', import.meta.url))

const Answers = z.array(
  z.object({ path: z.string(), holds: z.boolean(), told: z.array(z.string()), faults: z.array(z.string()) }),
)

export function verified(paths: readonly string[], ...options: readonly string[]) {
  const run = spawnSync(python ?? '', [script, '--json', ...options, ...paths], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  expect(run.stderr).toBe('')
  return Answers.parse(JSON.parse(run.stdout))
}

/** Copies of a file with one byte changed each, spread over the whole of it. */
export function oneByteChanged(folder: string, name: string, bytes: Buffer, copies: number): string[] {
  mkdirSync(folder, { recursive: true })
  return Array.from({ length: copies }, (_, copy) => {
    const at = Math.floor((copy * (bytes.length - 1)) / Math.max(1, copies - 1))
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    const path = join(folder, `${at}-${name}`)
    writeFileSync(path, changed)
    return path
  })
}
