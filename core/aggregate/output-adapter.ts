// The folder that a reconciliation writes to. Files are written beside and put in place together at the end, so that a run that was
// broken off leaves what was there before.
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolderNow } from '#core/durable/index.ts'
import { codeOf, StewardError } from '#core/problem/index.ts'

export interface OutputFile {
  write(piece: string | Uint8Array): void
  /** Everything that was written to the other one, which takes no more after that. */
  writeAllOf(other: OutputFile): void
}

export interface OutputFolder {
  /** A file that stands in the folder after `commit`. */
  file(name: string): OutputFile
  /** A file that is gone after `commit`: for what has to be known before what comes in front of it. */
  spill(): OutputFile
  /** Puts all files in place. Throws OUTPUT_FOLDER_UNUSABLE where the system refuses. */
  commit(): void
  /** Leaves everything as it was before. */
  discard(): void
}

/** All names that are ever written, so that `latest` never mixes two runs. */
const NAMES = ['ledger.json', 'conflicts.json', 'summary.json', 'summary.md']
const PARTIAL = '.steward-partial'

/** `folder` is absolute and made where it is missing. Throws OUTPUT_FOLDER_UNUSABLE. */
export function openOutputFolder(folder: string): OutputFolder {
  const partial = join(folder, PARTIAL)
  const files = new Map<string, SystemFile>()
  attempt('cannot be written to', () => {
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
  })

  function open(name: string): SystemFile {
    const file = attempt('cannot be written to', () => new SystemFile(join(partial, name)))
    files.set(name, file)
    return file
  }

  return {
    file: open,
    spill: () => open(`${SPILL}${files.size}`),
    commit: () =>
      attempt('could not be completed', () => {
        for (const file of files.values()) file.close()
        for (const name of files.keys())
          if (!name.startsWith(SPILL)) renameSync(join(partial, name), join(folder, name))
        rmSync(partial, { recursive: true, force: true })
        syncFolderNow(folder)
        syncFolderNow(dirname(folder))
      }),
    discard() {
      for (const file of files.values()) file.abandon()
      rmSync(partial, { recursive: true, force: true })
    },
  }
}

/** Makes `<root>/latest` say the same as `<root>/<name>`: a folder of its own, since not everybody may make links. */
export function copyToLatest(root: string, name: string): void {
  const latest = join(root, 'latest')
  attempt('could not be completed', () => {
    // The reference tool leaves a link here; what it leads to stays as it is.
    if (lstatSync(latest, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(latest)
    mkdirSync(latest, { recursive: true })
    for (const file of NAMES) {
      const from = join(root, name, file)
      if (lstatSync(from, { throwIfNoEntry: false }) === undefined) rmSync(join(latest, file), { force: true })
      else {
        copyFileSync(from, join(latest, `${file}.partial`))
        renameSync(join(latest, `${file}.partial`), join(latest, file))
      }
    }
  })
}

const SPILL = 'spill-'
const GATHERED_BYTES = 256 * 1024

class SystemFile implements OutputFile {
  readonly #path: string
  readonly #file: number
  #gathered = ''
  #isOpen = true

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(path, 'w+')
  }

  write(piece: string | Uint8Array): void {
    if (typeof piece === 'string') this.#gathered += piece
    if (typeof piece === 'string' && this.#gathered.length < GATHERED_BYTES) return
    attempt('cannot be written to', () => {
      this.#flush()
      if (typeof piece !== 'string') writeAll(this.#file, piece)
    })
  }

  writeAllOf(other: OutputFile): void {
    if (!(other instanceof SystemFile)) return
    other.close()
    this.#flush()
    const source = openSync(other.#path, 'r')
    try {
      const buffer = Buffer.allocUnsafe(GATHERED_BYTES)
      for (let count = readSync(source, buffer); count > 0; count = readSync(source, buffer))
        writeAll(this.#file, buffer.subarray(0, count))
    } finally {
      closeSync(source)
    }
  }

  /** Nobody will read it. */
  abandon(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    closeSync(this.#file)
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    try {
      this.#flush()
      fsyncSync(this.#file)
    } finally {
      closeSync(this.#file)
    }
  }

  #flush(): void {
    if (this.#gathered === '') return
    const text = this.#gathered
    this.#gathered = ''
    writeAll(this.#file, Buffer.from(text))
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
}

function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    const code = codeOf(cause)
    throw new StewardError({
      code: 'OUTPUT_FOLDER_UNUSABLE',
      happened: `The output folder ${what}${code === null ? '' : ` (the system said ${code})`}.`,
      kept: 'The node directories were only read, and results of an earlier run are as they were.',
      remedy: 'Give another folder with --out, or make room and allow writing there.',
      cause,
    })
  }
}
