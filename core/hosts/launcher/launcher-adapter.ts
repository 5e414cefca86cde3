// The machine that `npm start` runs on.
import packageJson from '../../../package.json' with { type: 'json' }
import { openPage, serveNode } from '../browser/index.ts'
import { typedIn } from '../thread/index.ts'
import { buildApp, builtPage } from './built-app-adapter.ts'
import { electronBinary, fetchElectron, runElectron } from './electron-binary-adapter.ts'
import type { Launcher } from './start-app.ts'

export function systemLauncher(): Launcher {
  const { env, platform } = process
  const say = (line: string) => console.error(line)
  return {
    env,
    platform,
    version: packageJson.version,
    args: process.argv.slice(2),
    cwd: typedIn(env, process.cwd()),
    out: (line) => console.log(line),
    say,
    electronBinary: () => electronBinary(),
    fetchElectron: () => fetchElectron(),
    runElectron,
    buildApp: () => buildApp(say),
    builtPage: () => builtPage(say),
    serveNode,
    openPage: (address) => openPage(address, platform, env),
    whenStopped(stop) {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
    },
  }
}
