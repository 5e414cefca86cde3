// The desktop app, or, where no Electron is to be had, the same app in a browser.
import packageJson from '../../../package.json' with { type: 'json' }
import { StewardError } from '#core/problem/index.ts'
import { openPage, serveNode } from '../browser/index.ts'
import { readRunningFile, requestStartToken } from '../running/index.ts'
import { dataFolder } from '../thread/index.ts'
import { buildApp, builtPage } from './built-app-adapter.ts'
import { electronBinary, fetchElectron, runElectron } from './electron-binary-adapter.ts'

const say = (line: string) => console.error(line)

try {
  if (!(await startDesktop())) await startBrowser()
} catch (thrown) {
  if (!(thrown instanceof StewardError)) throw thrown
  for (const line of [thrown.happened, thrown.kept, thrown.remedy]) say(line)
  process.exitCode = 2
}

async function startDesktop(): Promise<boolean> {
  const screen = hasScreen()
  if (electronBinary() === null && screen) {
    say('Getting Electron; this happens once …')
    await fetchElectron()
  }
  const binary = electronBinary()
  if (binary === null) return fallBack('There is no Electron here')
  if (!screen) return fallBack('There is no screen for Electron here')
  await buildApp(say)
  return (await runElectron(binary, process.argv.slice(2))) || fallBack('Electron does not start here')
}

function hasScreen(): boolean {
  const { platform, env } = process
  return platform !== 'linux' || [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => Boolean(display))
}

function fallBack(reason: string): false {
  say(`${reason}: Steward opens in your browser instead, with everything it has.`)
  return false
}

async function startBrowser(): Promise<void> {
  const { env, platform } = process
  const home = dataFolder({ env, platform, cwd: env['INIT_CWD'] ?? process.cwd() })
  const running = readRunningFile(home)
  const elsewhere = running === null ? null : await requestStartToken(running)
  if (elsewhere !== null) return show(elsewhere)

  await buildApp(say)
  const pageFolder = await builtPage(say)
  const node = await serveNode({ home, version: packageJson.version, pageFolder, passphrase: null, log: say })
  await show(node.pageAddress())
  say('It opens once, within a minute; `npm run -s steward -- open` gives another. Ctrl+C stops the node.')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void node.stop())
  process.exitCode = (await node.over) === 'stopped' ? 0 : 2
}

async function show(address: string): Promise<void> {
  console.log(address)
  await openPage(address, process.platform, process.env)
}
