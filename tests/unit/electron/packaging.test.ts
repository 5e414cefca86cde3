// The app is really packed, by electron-builder and by its own configuration, around a stand-in for Electron's binary, which
// cannot be had everywhere. Then what was packed is used where nothing else lies around it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClient } from '#core/hosts/thread/index.ts'
import config, { FUSES } from '../../../build/electron-builder.ts'
import { connectPort } from '../../../core/hosts/thread/core-connection.ts'
import type { FromCore } from '../../../core/hosts/thread/thread-messages.ts'

const ROOT = new URL('../../../', import.meta.url).pathname
const FUSE_MARK = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX' // what @electron/fuses looks for in the binary
const linux = process.platform === 'linux'
if (!linux) console.log('Not packed here: the stand-in for Electron’s binary is that of Linux.')

const folder = mkdtempSync(join(tmpdir(), 'steward-packaging-'))
const release = join(folder, 'release')
const resources = join(release, 'linux-unpacked', 'resources')
const app = join(folder, 'app')

beforeAll(() => {
  if (!linux) return
  if (!existsSync(join(ROOT, 'out', 'main', 'index.js'))) throw new Error('Run `npm run build` first.')
  const electron = standIn()
  runTool('electron-builder/cli.js', [
    '--linux=dir',
    '--publish=never',
    '--config=build/electron-builder.ts',
    `-c.electronDist=${electron}`,
    `-c.directories.output=${release}`,
  ])
  // Natives that lie beside the archive come along.
  runTool('@electron/asar/bin/asar.js', ['extract', join(resources, 'app.asar'), app])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.runIf(linux)('every file that the built app names is packed, and every library loads from there', () => {
  const scripts = readdirSync(join(app, 'out/main')).filter((name) => name.endsWith('.js'))
  expect(scripts).toEqual(expect.arrayContaining(['index.js', 'core-thread.worker.js', 'verify.worker.js']))
  expect(existsSync(join(app, 'out/preload/index.cjs'))).toBe(true)
  const named = scripts.flatMap((name) => namedIn(readFileSync(join(app, 'out/main', name), 'utf8')))
  const beside = named.filter((name) => name.startsWith('.'))
  expect(beside).not.toEqual([])
  expect(beside.filter((name) => !existsSync(join(app, 'out/main', name)))).toEqual([])
  const libraries = new Set([...named.filter((name) => !/^(\.|node:|electron$)/.test(name)), 'sodium-native'])
  expect([...libraries].toSorted()).toEqual(['better-sqlite3', 'piscina', 'sodium-native'])
  const load = [...libraries].map((name) => `await import('${name}')`).join('\n')
  execFileSync(process.execPath, ['--input-type=module', '--eval', load], { cwd: app })
})

test.runIf(linux)('every file of the page is packed, and nothing that is not needed to run', () => {
  const filesOf = (root: string) =>
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .toSorted()
  expect(filesOf(join(app, 'out/renderer'))).toEqual(filesOf(join(ROOT, 'out/renderer')))
  expect(readdirSync(app).toSorted()).toEqual(['node_modules', 'out', 'package.json'])
  expect(readdirSync(join(app, 'out')).toSorted()).toEqual(['main', 'preload', 'renderer'])
  const natives = filesOf(join(resources, 'app.asar.unpacked')).filter((name) => name.endsWith('.node'))
  expect(natives).toEqual([
    `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`,
    `node_modules/sodium-native/prebuilds/linux-${process.arch}/sodium-native.node`,
  ])
  expect(filesOf(app).filter((name) => name.endsWith('.map') || name.includes('src/'))).toEqual([])
})

test.runIf(linux)('the packed core signs, publishes and merges what another packed core signed', async () => {
  const exchange = join(folder, 'exchange')
  mkdirSync(exchange)
  const [ada, ben] = [await packedCore('ada'), await packedCore('ben')]
  const passphrase = 'correct horse battery staple'
  await ada.client.node.create({ name: 'ada', passphrase, exchange, networkName: 'packed' })
  await ada.client.exchange.sync({})
  await ben.client.node.create({ name: 'ben', passphrase, exchange, networkName: null })
  await ben.client.exchange.sync({})
  await ada.client.exchange.sync({})
  const { node } = await ben.client.app.state({})
  expect(node).not.toBeNull()
  if (node === null) return
  await ada.client.network.admit({ node: node.id })
  const content = { type: 'body', body: { receipt_count: 12 } } as const
  const claim = { kind: 'evidence/observed', subject: 'packed.json', task: null, anchor: null, content }
  const { id } = await ben.client.receipts.sign(claim)
  await ben.client.exchange.sync({})
  await ada.client.exchange.sync({})
  const filter = { node: node.id, subject: 'packed.json' }
  const { items } = await ada.client.receipts.list({ filter, sort: 'newest', limit: 10 })
  expect(items).toMatchObject([{ id }])
  await Promise.all([ada.stop(), ben.stop()])
})

test.runIf(linux)('the binary gets every fuse, as the list of requirements names them', () => {
  const binary = readFileSync(join(release, 'linux-unpacked', 'steward'), 'latin1')
  const wire = binary.slice(binary.indexOf(FUSE_MARK) + FUSE_MARK.length + 2)
  // RunAsNode, CookieEncryption, NodeOptions, NodeCliInspect, AsarIntegrity, OnlyLoadAppFromAsar, BrowserSnapshot,
  // FileProtocolPrivileges, WasmTrapHandlers
  expect(wire).toBe('010011001')
})

test('a fuse that a later Electron brings stops the packaging until somebody has decided on it', () => {
  expect(FUSES.strictlyRequireAllFuses).toBe(true)
})

test('the installers are those that the project names, links open the app, and taking it away takes no data along', () => {
  expect(config).toMatchObject({
    appId: 'app.steward.desktop',
    asar: true,
    asarUnpack: ['**/*.node'],
    protocols: [{ schemes: ['steward'] }],
    linux: { target: ['AppImage', 'deb'] },
    mac: { target: [{ target: 'dmg', arch: ['x64', 'arm64'] }], hardenedRuntime: true },
    win: { target: [{ target: 'nsis', arch: ['x64'] }] },
    nsis: { deleteAppDataOnUninstall: false },
    publish: null,
  })
})

/** Looks enough like an unpacked Electron for electron-builder to pack an app around it. */
function standIn(): string {
  const dist = join(folder, 'electron')
  mkdirSync(join(dist, 'locales'), { recursive: true })
  mkdirSync(join(dist, 'resources'))
  const wire = `${FUSE_MARK}\u0001\u0009101100110` // version 1, nine fuses
  writeFileSync(join(dist, 'electron'), `#!/bin/sh\nexit 1\n${wire}`, { mode: 0o755 })
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak']) writeFileSync(join(dist, name), '')
  writeFileSync(join(dist, 'version'), '0')
  return dist
}

function runTool(script: string, args: readonly string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: ROOT, stdio: 'pipe' })
}

/** What a script imports, by name, and the workers that it starts from beside it. */
function namedIn(script: string): string[] {
  const imports = script.matchAll(/^(?:import|export)[^"';]*? from "([^"]+)"|\bimport\("([^"]+)"\)/gm)
  const workers = script.matchAll(/new URL\("(\.\/[^"]+\.js)", import\.meta\.url\)/g)
  const names = [...imports, ...workers].map(([, one, other]) => one ?? other ?? '')
  return names.filter((name) => name !== '')
}

async function packedCore(name: string) {
  const file = pathToFileURL(join(app, 'out/main/core-thread.worker.js'))
  const workerData = { home: join(folder, name), host: 'desktop', version: '0.0.0-test', keychain: false }
  const worker = new Worker(file, { workerData })
  await said(worker, 'ready')
  const { client } = connectClient({
    connect(events) {
      const { port1, port2 } = new MessageChannel()
      worker.postMessage({ type: 'connect', port: port2 }, [port2])
      return connectPort(port1, events)
    },
  })
  return {
    client,
    async stop() {
      worker.postMessage({ type: 'stop' })
      await said(worker, 'stopped')
      await worker.terminate()
    },
  }
}

function said(worker: Worker, word: FromCore['type']): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.on('message', (message: FromCore) => {
      if (message.type === word) resolve()
      if (message.type === 'failed') reject(new Error(message.problem.happened))
    })
  })
}
