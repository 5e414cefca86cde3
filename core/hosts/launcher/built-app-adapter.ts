// Builds what is missing or older than its sources, so that nobody has to know that there is a build.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StewardError } from '#core/problem/index.ts'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const OUT = join(ROOT, 'out')
const PAGE = join(OUT, 'renderer')

const SOURCES = ['electron', 'core', 'renderer', 'electron.vite.config.ts', 'vite.config.ts', 'package-lock.json']

/**
 * Folder of the built page. Builds it where it is missing.
 * @throws StewardError BUILD_FAILED
 */
export async function builtPage(say: (line: string) => void): Promise<string> {
  if (!existsSync(join(PAGE, 'index.html'))) {
    say('Building the window; this happens once …')
    await buildPage()
  }
  return PAGE
}

/** Builds shell, core and page where they are missing or older than their sources. */
export async function buildApp(say: (line: string) => void): Promise<void> {
  if (!isOlder(join(OUT, 'main', 'index.js'), SOURCES)) return
  say('Building the app; this happens once …')
  await runTool('electron-vite', ['build', '--logLevel', 'error'])
}

// Beside the place where it belongs, then swapped in: several nodes may start at the same moment.
async function buildPage(): Promise<void> {
  const making = join(OUT, `.page-${process.pid}`)
  const old = join(OUT, `.page-${process.pid}-old`)
  try {
    await runTool('vite', ['build', '--outDir', making, '--logLevel', 'error'])
    if (existsSync(PAGE)) renameSync(PAGE, old)
    renameSync(making, PAGE)
  } catch (thrown) {
    if (!existsSync(join(PAGE, 'index.html'))) throw thrown
    // Another node put the same page there first.
  } finally {
    for (const folder of [making, old]) rmSync(folder, { recursive: true, force: true })
  }
}

function runTool(name: string, args: readonly string[]): Promise<void> {
  const tool = join(ROOT, 'node_modules', name, 'bin', `${name}.js`)
  return new Promise((resolve, reject) => {
    // Its words go to stderr: stdout is for answers.
    const child = spawn(process.execPath, [tool, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] })
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
  if (!existsSync(built)) return true
  const builtMs = statSync(built).mtimeMs
  return sources.some((source) => newestMs(join(ROOT, source)) > builtMs)
}

function newestMs(path: string): number {
  const entry = statSync(path, { throwIfNoEntry: false })
  if (entry === undefined) return 0
  if (!entry.isDirectory()) return entry.mtimeMs
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))))
}
