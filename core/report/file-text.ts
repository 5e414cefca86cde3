// One JSON file, written piece by piece: its head, then a list with one entry a line, so that nothing has to be held and a diff reads.
import { createHash, type Hash } from 'node:crypto'
import type { ContentHash } from '#core/contract/index.ts'

/** Takes the text of one file in order. */
export interface FileSink {
  write(text: string): Promise<void>
  close(): Promise<void>
}

export interface WrittenFile {
  readonly name: string
  readonly sha256: ContentHash
  readonly bytes: number
}

const GATHERED_CHARACTERS = 64 * 1024

/** Gathers small pieces, hashes and counts what goes through. */
export class ReportFile {
  readonly #name: string
  readonly #sink: FileSink
  readonly #hash: Hash = createHash('sha256')
  #gathered = ''
  #bytes = 0

  constructor(name: string, sink: FileSink) {
    this.#name = name
    this.#sink = sink
  }

  async add(text: string): Promise<void> {
    this.#gathered += text
    if (this.#gathered.length >= GATHERED_CHARACTERS) await this.#flush()
  }

  async end(): Promise<WrittenFile> {
    await this.#flush()
    await this.#sink.close()
    // A fresh hash in its usual form.
    const sha256 = `sha256:${this.#hash.digest('hex')}` as ContentHash
    return { name: this.#name, sha256, bytes: this.#bytes }
  }

  async #flush(): Promise<void> {
    const text = this.#gathered
    this.#gathered = ''
    if (text === '') return
    this.#hash.update(text)
    this.#bytes += Buffer.byteLength(text)
    await this.#sink.write(text)
  }
}

/** `{"a":…,"b":…,"<list>":[` and one entry a line. */
export class ListFile {
  readonly #file: ReportFile
  #started = false

  constructor(file: ReportFile) {
    this.#file = file
  }

  async begin(head: object, list: string): Promise<void> {
    const members = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
    await this.#file.add(`{\n${members.join('')}${JSON.stringify(list)}: [`)
  }

  async entry(value: object): Promise<void> {
    await this.#file.add(`${this.#started ? ',' : ''}\n${JSON.stringify(value)}`)
    this.#started = true
  }

  async end(): Promise<WrittenFile> {
    await this.#file.add('\n]\n}\n')
    return this.#file.end()
  }
}
