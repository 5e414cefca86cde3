// Opens an address in the steward's own browser, where there is one.
import { spawn } from 'node:child_process'

/** False where this machine has no screen or nothing that opens an address; the caller has printed it anyway. */
export function openPage(
  address: string,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const opener = openerFor(platform, env)
  if (opener === null) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(opener.command, [...opener.args, address], { detached: true, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

interface Opener {
  readonly command: string
  readonly args: readonly string[]
}

function openerFor(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): Opener | null {
  if (platform === 'darwin') return { command: 'open', args: [] }
  // Not `start`, which a shell would have to run.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] }
  const screen = env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? ''
  return screen === '' ? null : { command: 'xdg-open', args: [] }
}
