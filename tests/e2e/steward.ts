// Real Stewards for the tests of the window: `steward serve` as real processes, each on a data folder of its own, sharing nothing but an
// exchange folder. A test asks them as the command line does: through the address in running.json, or by a command itself.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import type { CoreClient } from '#core/hosts/thread/index.ts'
import { connectRemoteCore, type RemoteCore } from '#core/hosts/cli/remote-core.ts'
import { readRunningFile } from '#core/hosts/running/index.ts'

const CLI = new URL('../../core/hosts/cli/main.ts', import.meta.url).pathname
export const PASSPHRASE = 'a long walk by the sea'

/** What is started as `steward`, and with what more in its environment. */
export interface HostProgram {
  readonly cli: string
  readonly env: Readonly<Record<string, string>>
}

const FROM_SOURCES: HostProgram = { cli: CLI, env: {} }

/** A folder for one test; everything in it goes when the test ends, after every process that ran on it. */
export class World implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-e2e-'))
  readonly exchange = join(this.folder, 'exchange')
  readonly #serving = new Set<Serving>()
  readonly #program: HostProgram

  constructor(program: HostProgram = FROM_SOURCES) {
    this.#program = program
    mkdirSync(this.exchange)
    writeFileSync(join(this.folder, 'passphrase'), `${PASSPHRASE}\n`, { mode: 0o600 })
  }

  /** A served node; the first in an exchange founds the network, later ones ask to join. */
  async node(name: string): Promise<Serving> {
    const serving = await this.home(name).serve()
    const exchange = this.exchange
    await serving.client.node.create({ name, passphrase: PASSPHRASE, exchange, networkName: 'end to end' })
    await serving.client.exchange.sync({})
    return serving
  }

  /** A data folder with nothing in it yet. */
  home(name: string): Steward {
    const onServe = (serving: Serving) => void this.#serving.add(serving)
    return new Steward(name, join(this.folder, name), join(this.folder, 'passphrase'), onServe, this.#program)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const serving of this.#serving) await serving.kill()
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export class Steward {
  readonly name: string
  readonly home: string
  readonly #passphraseFile: string
  readonly #onServe: (serving: Serving) => void
  readonly #program: HostProgram

  constructor(
    name: string,
    home: string,
    passphraseFile: string,
    onServe: (serving: Serving) => void,
    program: HostProgram = FROM_SOURCES,
  ) {
    this.name = name
    this.home = home
    this.#passphraseFile = passphraseFile
    this.#onServe = onServe
    this.#program = program
  }

  /** What the command answers with `--json`. Throws with everything it printed where it does not end well. */
  async run(...args: readonly string[]): Promise<unknown> {
    const child = this.command(args)
    const [out, error] = [collect(child.stdout), collect(child.stderr)]
    await once(child, 'close')
    if (child.exitCode !== 0) {
      throw new Error(`steward ${args.join(' ')} ended with ${String(child.exitCode)}\n${out()}\n${error()}`)
    }
    return JSON.parse(out())
  }

  /** `steward serve`, once it answers. */
  async serve(how: ServeHow = {}): Promise<Serving> {
    const serving = this.begin(how)
    await serving.ready()
    return serving
  }

  /** `steward serve`, which may not answer yet. */
  begin({ nodeOptions = [], env = {}, under = [] }: ServeHow = {}): Serving {
    const child = this.#spawn(['serve'], { nodeOptions, env, under })
    const serving = new Serving(child, this)
    this.#onServe(serving)
    return serving
  }

  /** A command with `--json` as a process, which the caller waits for. */
  command(args: readonly string[], how: ServeHow = {}): ChildProcess {
    return this.#spawn([...args, '--json'], how)
  }

  #spawn(args: readonly string[], { nodeOptions = [], env = {}, under = [] }: ServeHow): ChildProcess {
    const [command, ...before] = [...under, process.execPath, ...nodeOptions]
    return spawn(command ?? process.execPath, [...before, this.#program.cli, ...this.#args(args)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#program.env, ...env },
    })
  }

  #args(args: readonly string[]): string[] {
    return [...args, '--home', this.home, '--passphrase-file', this.#passphraseFile]
  }
}

export interface ServeHow {
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A program, with its arguments, that runs it. */
  readonly under?: readonly string[]
}

/** A machine with much to do may need more than one. */
const MOST_TRIES = 5

const StartToken = z.object({ token: z.string() })

/** One `steward serve` process. */
export class Serving {
  readonly steward: Steward
  readonly #child: ChildProcess
  readonly #out: () => string
  readonly #error: () => string
  #core: RemoteCore | null = null

  constructor(child: ChildProcess, steward: Steward) {
    this.#child = child
    this.steward = steward
    this.#out = collect(child.stdout)
    this.#error = collect(child.stderr)
  }

  /** Asks the running node, as the command line would. */
  get client(): CoreClient {
    if (this.#core === null) throw new Error('The node is not being served.')
    return this.#core.client
  }

  /** Waits for the line with the page's address, and until somebody answers there. */
  async ready(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (/http:\/\/127\.0\.0\.1:\d+/.test(this.#out())) resolve()
      }
      this.#child.stdout?.on('data', look)
      this.#child.once('exit', (code) => {
        reject(new Error(`steward serve ended with ${String(code)}\n${this.#out()}\n${this.#error()}`))
      })
      look()
    })
    for (let tried = 0; this.#core === null; tried++) {
      if (this.hasEnded || tried === MOST_TRIES) throw new Error(`steward serve does not answer\n${this.#error()}`)
      this.#core = await connectRemoteCore(this.#running())
    }
  }

  /** An address that opens the page once, as `steward open` asks for it. */
  async pageAddress(): Promise<string> {
    const { url, controlToken } = this.#running()
    const response = await fetch(`${url}/start-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
      body: '{}',
    })
    const { token } = StartToken.parse(await response.json())
    return `${url}/#token=${token}`
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Resolves once the process has ended, by itself or not: its exit code, null where a signal ended it. */
  async ended(): Promise<number | null> {
    if (!this.hasEnded) await once(this.#child, 'close')
    return this.#child.exitCode
  }

  /** What it has said for a person. */
  get complaint(): string {
    return this.#error()
  }

  /** SIGTERM, as a service manager stops it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** SIGKILL: no time to tidy up. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#core = null
    if (this.hasEnded) return
    const ended = once(this.#child, 'close')
    this.#child.kill(signal)
    await ended
  }

  #running() {
    const running = readRunningFile(this.steward.home)
    if (running === null) throw new Error(`${this.steward.home} is not being served`)
    return running
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (piece: string) => {
    text += piece
  })
  return () => text
}
