// Node as the npm registry has it: packages named by system and processor that hold the binary alone, as package.json brings its own.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '#tests/kit/bundle-for-node.ts'

/** 24 is what Steward runs on; 22 the oldest it takes; 20 what Debian's readers have beside it; the last one the newest there was. */
export const NODE_VERSIONS = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const

export type NodeBinary = { readonly path: string } | { readonly missing: string }

/** From the cache of this repository, or fetched into it where that is allowed. Never throws: what cannot be had says why. */
export async function nodeBinary(version: string, mayFetch: boolean): Promise<NodeBinary> {
  if (process.versions.node === version) return { path: process.execPath }
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const folder = join(ROOT, '.cache/runtimes', `node-${version}`)
  const path = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(path)) return { path }
  if (!mayFetch) return { missing: 'it is not in the cache; `npm run runtimes` fetches it' }
  mkdirSync(folder, { recursive: true })
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    `${name}@${version}`,
  ]
  try {
    await promisify(execFile)('npm', args, { timeout: 120_000, shell: process.platform === 'win32' })
  } catch (thrown) {
    return { missing: `npm could not fetch ${name}@${version}: ${reasonOf(thrown)}` }
  }
  return existsSync(path) ? { path } : { missing: `${name}@${version} holds no ${path.slice(folder.length + 1)}` }
}

function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return text.split('\n').find((line) => /npm (error|ERR!)/.test(line)) ?? text.split('\n')[0] ?? 'no reason given'
}
