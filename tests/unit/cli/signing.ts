// What a test of the terminal signs beside observations: files, anchors, and a receipt that never arrives.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import * as z from 'zod'
import type { Core } from '#tests/kit/place.ts'
import { folderOf } from '#tests/kit/proofs.ts'
import type { Served } from './served.ts'

export interface FileToSign {
  readonly subject: string
  readonly content: string | Uint8Array
  readonly task?: string
}

/** Signs a file from the command line; answers the receipt's id. */
export async function signFile(host: Served, core: Core, { subject, content, task }: FileToSign): Promise<string> {
  core.place.pass(1000)
  const path = join(core.place.folder, 'file-to-sign')
  writeFileSync(path, content)
  const about = task === undefined ? [] : ['--task', task]
  const said = await host.run('sign', '--kind', 'evidence/observed', '--subject', subject, ...about, '--file', path)
  expect([said.code, said.err]).toEqual([0, ''])
  return z.object({ id: z.string() }).parse(said.json).id
}

/** The hash of an anchor of a test, which is named by two digits. */
const anchorHash = (digits: string) => `sha256:${digits.repeat(32)}`

export async function signAnchor(core: Core, label: string, digits: string, previous: string | null): Promise<void> {
  const body = { hash: anchorHash(digits), previous: previous === null ? null : anchorHash(previous), label }
  const content = { type: 'body' as const, body }
  await core.steward.receipts.sign({ kind: 'governance/anchor', subject: label, task: null, anchor: null, content })
}

/** The node signs on `missing.json` and on these subjects; the first of them is not in the folder, as if no sync tool had brought it yet. */
export async function leaveGap(node: Core, ...subjects: readonly string[]): Promise<void> {
  const feed = join(folderOf(node.place.exchange, node.id), 'feed')
  const before = new Set(readdirSync(feed))
  await node.observe('missing.json', { v: 1 })
  await node.sync()
  const [missing = ''] = readdirSync(feed).filter((name) => !before.has(name))
  for (const subject of subjects) await node.observe(subject, { v: 1 })
  await node.sync()
  rmSync(join(feed, missing))
}
