// Is there an Electron to start, and can one be had?
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './built-app-adapter.ts'

const PACKAGE = join(ROOT, 'node_modules', 'electron')

/** The binary that the electron package in `folder` has downloaded, or null. */
export function electronBinary(folder: string = PACKAGE): string | null {
  const named = join(folder, 'path.txt')
  if (!existsSync(named)) return null
  const binary = join(folder, 'dist', readFileSync(named, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

/** Downloads it once; false where that fails, which takes half a second without the Internet. */
export function fetchElectron(folder: string = PACKAGE): Promise<boolean> {
  const installer = join(folder, 'install.js')
  if (!existsSync(installer)) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

/** An app that ends this quickly with a fault did not start: no sandbox, no display, a missing library. */
const STARTED_AFTER_MS = 10_000
/** Somebody ended it. Any other signal is a crash; Chromium raises one where it finds no sandbox. */
const ENDED_BY = new Set<NodeJS.Signals | null>(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'])

/** Runs the app until it is closed. False where it did not start. */
export function runElectron(binary: string, args: readonly string[]): Promise<boolean> {
  const startedMs = Date.now()
  return new Promise((resolve) => {
    const child = spawn(binary, [ROOT, ...args], { stdio: ['ignore', 'inherit', 'inherit'] })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    const ended = (started: boolean) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, pass)
      resolve(started)
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass)
    child.once('error', () => ended(false))
    child.once('exit', (code, signal) =>
      ended(code === 0 || ENDED_BY.has(signal) || Date.now() - startedMs > STARTED_AFTER_MS),
    )
  })
}
