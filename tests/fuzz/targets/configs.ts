// What is read of this machine's own files and of its command line: a crash, a sync tool or a hand may have been there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseReferenceConfig } from '../../../core/aggregate/reference-config.ts'
import { parseJsonOption } from '../../../core/hosts/cli/json-option.ts'
import { readRunningFile, writeRunningFile } from '../../../core/hosts/running/running-file-adapter.ts'
import { defaultSettings, readNodeFile, writeNodeFile } from '../../../core/node/node-file.ts'
import type { HomeAdapter } from '../../../core/node/home-adapter.ts'
import { parseLaunchArguments } from '../../../electron/launch-arguments.ts'
import { canonicalJson } from '#core/receipts/index.ts'
import { mutateBytes } from '../mutate-bytes.ts'
import { must, mustEqual, orRefusal, type Target } from '../target.ts'
import { ada, hostileJson, lines, newest, textOf } from './samples.ts'

const nodeFiles = [
  JSON.stringify({
    format: 'steward-node/1',
    node: ada.id,
    name: 'Größe',
    createdAt: newest.receipt.time,
    network: newest.id,
    exchange: '/tmp/exchange',
    phraseConfirmed: true,
    headKnown: false,
    setup: { exchange: null, networkName: 'x', capsule: { hash: newest.id, label: 'v1.6' } },
    settings: { ...defaultSettings, quietHours: { from: '22:00', to: '07:00' } },
  }),
]

/** A data folder that holds this one file, and takes what is written. */
function homeWith(bytes: Uint8Array): HomeAdapter & { readonly held: () => Uint8Array } {
  let held = bytes
  const only: Pick<HomeAdapter, 'read' | 'write'> = {
    read: () => held,
    write: (_name, written) => void (held = written),
  }
  return { ...only, held: () => held } as HomeAdapter & { readonly held: () => Uint8Array } // Nothing else is asked for.
}

const nodeFile: Target = {
  name: 'node-file',
  make: (random) => hostileJson(random, nodeFiles, 100_000),
  check(bytes) {
    const home = homeWith(bytes)
    const file = orRefusal(() => readNodeFile(home))
    if (file === null) return
    writeNodeFile(home, file)
    mustEqual(readNodeFile(home), file, 'what is written is read back')
  },
}

let folder = ''
const running = JSON.stringify({ url: 'http://127.0.0.1:4711', pid: 12, controlToken: 'abc' })
const runningFile: Target = {
  name: 'running-file',
  make: (random) => hostileJson(random, [running], 10_000),
  open: () => void (folder = mkdtempSync(join(tmpdir(), 'steward-fuzz-'))),
  close: () => rmSync(folder, { recursive: true, force: true }),
  check(bytes) {
    writeFileSync(join(folder, 'running.json'), bytes)
    const file = readRunningFile(folder)
    if (file === null) return
    must(new URL(file.url).hostname === '127.0.0.1', 'the host that runs is on this machine')
    writeRunningFile(folder, file)
    mustEqual(readRunningFile(folder), file, 'what is written is read back')
  },
}

const config: Target = {
  name: 'reference-config',
  make: (random) =>
    hostileJson(
      random,
      [
        '{"nodes":{"a":"./a","b":"../b"},"include":"**/*.json","expect":["x","y"],"verify_anchor":true,"verify_signatures":0}',
      ],
      100_000,
    ),
  check(bytes) {
    const read = orRefusal(() => parseReferenceConfig(textOf(bytes)))
    must(
      read === null || read.nodes.every(({ label, folder: place }) => label !== '' && place !== ''),
      'a node has label and folder',
    )
  },
}

const jsonOption: Target = {
  name: 'json-option',
  make: (random) => hostileJson(random, lines, 100_000),
  check(bytes) {
    const read = orRefusal(() => parseJsonOption('--body', textOf(bytes)))
    if (read === null) return
    const printed = orRefusal(() => canonicalJson(read))
    if (printed !== null)
      mustEqual(parseJsonOption('--body', printed), JSON.parse(printed), 'printed again it is the same')
  },
}

const LAUNCHES = [
  'steward://receipts/sha256:abc',
  `steward://network/${ada.id}`,
  '--home=/tmp/x',
  'steward://overview',
  '--',
  'steward:',
]

const launch: Target = {
  name: 'launch',
  make: (random) => {
    const argv = Array.from({ length: 1 + random.below(4) }, () => random.pick(LAUNCHES)).join('\0')
    return mutateBytes(random, Buffer.from(argv))
  },
  check(bytes) {
    const { route } = parseLaunchArguments(textOf(bytes).split('\0'))
    must(/^#\/[a-z]+(\/[0-9A-Za-z%]{1,150})?$/.test(route), 'a start opens one of the window’s own addresses')
  },
}

export const configTargets = [nodeFile, runningFile, config, jsonOption, launch]
