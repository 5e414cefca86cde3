// The desktop app, or, where no Electron is to be had, the same app in a browser.
import { StewardError } from '#core/problem/index.ts'
import type { ServeOptions, ServedNode } from '../browser/index.ts'
import { readRunningFile, requestStartToken } from '../running/index.ts'
import { dataFolder } from '../thread/index.ts'

/** What the launcher does on this machine; see launcher-adapter.ts. */
export interface Launcher {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly version: string
  /** What the app is given. */
  readonly args: readonly string[]
  /** What relative paths are relative to. */
  readonly cwd: string
  /** The one answer: an address. */
  out(line: string): void
  say(line: string): void
  /** Null where there is none. */
  electronBinary(): string | null
  fetchElectron(): Promise<boolean>
  /** False where it did not start. */
  runElectron(binary: string, args: readonly string[]): Promise<boolean>
  buildApp(): Promise<void>
  /** Folder of the built page. */
  builtPage(): Promise<string>
  serveNode(options: ServeOptions): Promise<ServedNode>
  openPage(address: string): Promise<boolean>
  /** Called once, when the system asks this process to stop. */
  whenStopped(stop: () => void): void
}

/** Runs the app until it is closed, and gives the exit code. */
export async function startApp(launcher: Launcher): Promise<number> {
  try {
    return (await startDesktop(launcher)) ? 0 : await startBrowser(launcher)
  } catch (thrown) {
    if (!(thrown instanceof StewardError)) throw thrown
    for (const line of [thrown.happened, thrown.kept, thrown.remedy]) launcher.say(line)
    return 2
  }
}

async function startDesktop(launcher: Launcher): Promise<boolean> {
  const screen = hasScreen(launcher)
  if (launcher.electronBinary() === null && screen) {
    launcher.say('Getting Electron; this happens once …')
    await launcher.fetchElectron()
  }
  const binary = launcher.electronBinary()
  if (binary === null) return fallBack(launcher, 'There is no Electron here')
  if (!screen) return fallBack(launcher, 'There is no screen for Electron here')
  await launcher.buildApp()
  return (await launcher.runElectron(binary, launcher.args)) || fallBack(launcher, 'Electron does not start here')
}

function hasScreen({ platform, env }: Launcher): boolean {
  return platform !== 'linux' || [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => Boolean(display))
}

function fallBack(launcher: Launcher, reason: string): false {
  launcher.say(`${reason}: Steward opens in your browser instead, with everything it has.`)
  return false
}

async function startBrowser(launcher: Launcher): Promise<number> {
  const { version } = launcher
  const home = dataFolder(launcher)
  const running = readRunningFile(home)
  const elsewhere = running === null ? null : await requestStartToken(running)
  if (elsewhere !== null) {
    await show(launcher, elsewhere)
    return 0
  }
  await launcher.buildApp()
  const pageFolder = await launcher.builtPage()
  const node = await launcher.serveNode({
    home,
    version,
    pageFolder,
    passphrase: null,
    log: (line) => launcher.say(line),
  })
  launcher.whenStopped(() => void node.stop())
  await show(launcher, node.pageAddress())
  launcher.say('It opens once, within a minute; `npm run -s steward -- open` gives another. Ctrl+C stops the node.')
  return (await node.over) === 'stopped' ? 0 : 2
}

async function show(launcher: Launcher, address: string): Promise<void> {
  launcher.out(address)
  await launcher.openPage(address)
}
