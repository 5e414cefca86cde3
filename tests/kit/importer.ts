// A node that imports node directories into a world: a real ledger, real signatures, real files for the content.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBlobStore, nodeFolderAdapter, type BlobStore } from '#core/exchange/index.ts'
import { planImport, type ImportedDirectory, type ImportPlan, type ImportReport } from '#core/observations/index.ts'
import { directoryOfFiles, openNodeFolder } from '#core/teof/index.ts'
import { TestNode } from './nodes.ts'
import { foundNetwork, LATER, World } from './world.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures/teof')

/** A directory of the corpus: `node-a`, `pilot-sample/node-b`. */
export function corpusFolder(name: string): string {
  return join(FIXTURES, name)
}

export function corpusDirectory(name: string, label = name.slice(name.lastIndexOf('/') + 1)): ImportedDirectory {
  return { label, reader: openNodeFolder(corpusFolder(name)) }
}

/** A directory in memory: paths to texts. */
export function directoryOf(label: string, files: Readonly<Record<string, string>>): ImportedDirectory {
  const bytes = new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
  return { label, reader: directoryOfFiles(bytes) }
}

/** A copy of a directory of the corpus that a test may change; ends with the test. */
export class DirectoryCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-teof-'))

  constructor(name: string) {
    cpSync(corpusFolder(name), this.folder, { recursive: true })
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  text(name: string): string {
    return readFileSync(this.path(name), 'utf8')
  }

  as(label: string): ImportedDirectory {
    return { label, reader: openNodeFolder(this.folder) }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export class Importer implements Disposable {
  readonly world: World
  readonly node: TestNode
  readonly blobs: BlobStore
  /** Thrown by signing, where it is set. */
  cannotSign: Error | null = null
  readonly #folder: string

  constructor(world: World, node: TestNode, folder = mkdtempSync(join(tmpdir(), 'steward-blobs-'))) {
    this.world = world
    this.node = node
    this.#folder = folder
    this.blobs = createBlobStore(join(this.#folder, 'blobs'), nodeFolderAdapter())
  }

  /** The same node in the next run of the program: it keeps its files, and remembers nothing. */
  startedAgain(): Importer {
    return new Importer(this.world, this.node, this.#folder)
  }

  plan(directories: readonly ImportedDirectory[], options: Parameters<typeof planImport>[2] = {}): Promise<ImportPlan> {
    const { world, node, blobs } = this
    return planImport(
      {
        node: node.id,
        ledger: world.ledger,
        blobs,
        signAll: (drafts) => {
          if (this.cannotSign !== null) throw this.cannotSign
          // Signed by whoever imports; others have it once it is delivered to them.
          const waiting = world.deliver(drafts.map((draft) => node.sign(draft)))
          if (waiting.length > 0) throw new Error('An own receipt never waits.')
        },
        clock: () => LATER,
        pause: () => Promise.resolve(),
      },
      directories,
      options,
    )
  }

  async import(...directories: readonly ImportedDirectory[]): Promise<ImportReport> {
    return (await this.plan(directories)).write()
  }

  /** How many contents are kept. */
  get keptContents(): number {
    const folder = join(this.#folder, 'blobs')
    return existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).length
      : 0
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export interface ImportingSteward extends Disposable {
  readonly world: World
  readonly ada: TestNode
  readonly importer: Importer
}

/** One node in a network of its own, under `policy`, that can import. */
export function importingSteward(policy: Parameters<typeof foundNetwork>[1] = {}): ImportingSteward {
  const ada = new TestNode('ada')
  const genesis = foundNetwork([ada], policy)
  const world = new World().joinNetwork(genesis.id)
  world.deliver(ada.signed)
  const importer = new Importer(world, ada)
  return {
    world,
    ada,
    importer,
    [Symbol.dispose]() {
      importer[Symbol.dispose]()
      world[Symbol.dispose]()
    },
  }
}
