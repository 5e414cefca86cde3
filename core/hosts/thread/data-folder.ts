// Where a node lives on this machine unless the steward says otherwise. All hosts agree, so that they meet the same node.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface DataFolderSources {
  /** As given with `--home`. */
  readonly option?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** What relative paths are relative to. */
  readonly cwd: string
}

/** Where the command was typed: `npm run` changes into the repository, and says where it was. */
export function typedIn(env: DataFolderSources['env'], cwd: string): string {
  return env['npm_lifecycle_event'] === undefined ? cwd : (env['INIT_CWD'] ?? cwd)
}

export function dataFolder({ option, env, platform, cwd }: DataFolderSources): string {
  const given = option ?? env['STEWARD_HOME']
  return given !== undefined && given !== '' ? resolve(cwd, given) : systemDataFolder(env, platform)
}

function systemDataFolder(env: DataFolderSources['env'], platform: NodeJS.Platform): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Steward')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Steward')
  const shared = env['XDG_DATA_HOME']
  return join(shared !== undefined && shared.startsWith('/') ? shared : join(homedir(), '.local', 'share'), 'steward')
}
