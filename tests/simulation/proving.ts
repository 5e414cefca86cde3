// `npm run prove` as tests call it: in a process of its own, since a core that is broken on purpose is broken while it is loaded.
import { spawn } from 'node:child_process'

const PROVE = new URL('./prove.ts', import.meta.url).pathname

export interface Proved {
  readonly code: number | null
  readonly text: string
}

export function prove(...args: readonly string[]): Promise<Proved> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROVE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => void (text += part.toString()))
    child.once('exit', (code) => resolve({ code, text }))
  })
}
