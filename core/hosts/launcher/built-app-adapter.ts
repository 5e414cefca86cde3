// Builds what is missing or older than its sources, so that nobody has to know that there is a build.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StewardError } from '#core/problem/index.ts'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

const SOURCES = ['electron', 'core', 'renderer', 'electron.vite.config.ts', 'vite.config.ts', 'package-lock.json']

/**
 * Folder of the built page of the sources in `root`. Builds it where it is missing.
 * @throws StewardError BUILD_FAILED
 */
export async function builtPage(say: (line: string) => void, root: string = ROOT): Promise<string> {
  const page = join(root, 'out', 'renderer')
  if (!isPage(page)) {
    say('Building the window; this happens once …')
    await buildPage(root, page)
  }
  return page
}

/** Builds shell, core and page where they are missing or older than their sources. */
export async function buildApp(say: (line: string) => void, root: string = ROOT): Promise<void> {
  const built = join(root, 'out', 'main', 'index.js')
  if (
    !isOlder(
      built,
      SOURCES.map((name) => join(root, name)),
    )
  )
    return
  say('Building the app; this happens once …')
  await runTool(root, 'electron-vite', ['build', '--logLevel', 'error'])
}

// Beside the place where it belongs, then swapped in: several nodes may start at the same moment.
async function buildPage(root: string, page: string): Promise<void> {
  const making = join(root, 'out', `.page-${process.pid}`)
  const old = `${making}-old`
  try {
    await runTool(root, 'vite', ['build', '--outDir', making, '--logLevel', 'error'])
    if (existsSync(page)) renameSync(page, old)
    renameSync(making, page)
  } catch (thrown) {
    if (!isPage(page)) throw thrown
    // Another node put the same page there first.
  } finally {
    for (const folder of [making, old]) rmSync(folder, { recursive: true, force: true })
  }
}

function isPage(folder: string): boolean {
  return existsSync(join(folder, 'index.html'))
}

function runTool(root: string, name: string, args: readonly string[]): Promise<void> {
  const tool = join(root, 'node_modules', name, 'bin', `${name}.js`)
  return new Promise((resolve, reject) => {
    // Its words go to stderr: stdout is for answers.
    const child = spawn(process.execPath, [tool, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    child.once('error', (cause) => reject(buildFailed(cause)))
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(buildFailed(new Error(`${name} exited with ${code}`))),
    )
  })
}

function buildFailed(cause: unknown): StewardError {
  return new StewardError({
    code: 'BUILD_FAILED',
    happened: 'The window of Steward could not be built.',
    kept: 'Nothing was changed.',
    remedy: 'Run `npm ci`, then `npm run build`, and read what it says.',
    cause,
  })
}

function isOlder(built: string, sources: readonly string[]): boolean {
  const builtMs = statSync(built, { throwIfNoEntry: false })?.mtimeMs
  return builtMs === undefined || sources.some((source) => newestMs(source) > builtMs)
}

function newestMs(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry === undefined) return 0
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
