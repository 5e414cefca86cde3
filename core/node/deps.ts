// What one node at work is given from outside: nothing in here asks the machine on its own.
import type { BundleFiles } from '#core/bundles/index.ts'
import type { Instant } from '#core/contract/index.ts'
import type { NodeKey, PassphraseSeal } from '#core/identity/index.ts'
import type { FolderAdapter, Timers, VerificationPool } from '#core/exchange/index.ts'
import type { ReportStore } from '#core/report/index.ts'
import type { DirectoryReader } from '#core/teof/index.ts'
import type { HomeAdapter } from './home-adapter.ts'

/** Seals the key with the system's keychain, where there is one. */
export interface Keychain {
  seal(secret: Uint8Array): Promise<Uint8Array>
  /** `reseal` is true where the keychain asks for the secret to be sealed again. */
  open(sealed: Uint8Array): Promise<{ readonly secret: Uint8Array; readonly reseal: boolean }>
}

/** Builds the sample network in a folder of its own and says how this app becomes one of its nodes. */
export interface SampleBuilder {
  build(): Promise<SampleNetwork>
}

export interface SampleNetwork {
  /** Data folder of the node that this app becomes. */
  readonly home: string
  /** Names of all nodes, this one first. */
  readonly nodes: readonly string[]
  /** The key of that node, open: nothing in the sample is a secret. */
  readonly key: NodeKey
  /** Deletes everything that the sample made. */
  remove(): Promise<void>
}

export interface NodeDeps {
  readonly home: HomeAdapter
  /** Another data folder, for the sample network. */
  readonly openHome: (folder: string) => HomeAdapter
  readonly host: 'desktop' | 'browser' | 'cli'
  readonly version: string
  /** Versions and system that the host runs on, for the diagnostics. */
  readonly runtime: Readonly<Record<'node' | 'napi' | 'platform' | 'arch', string | undefined>>
  readonly clock: () => Instant
  readonly timers: Timers
  readonly randomBytes: (count: number) => Uint8Array
  readonly keychain: Keychain | null
  readonly sealUnderPassphrase: PassphraseSeal
  readonly folders: FolderAdapter
  /** The reports below a data folder. */
  readonly openReports: (dataFolder: string) => ReportStore
  readonly bundleFiles: BundleFiles
  /** A folder that a steward named, as node directories are read. */
  readonly openDirectory: (folder: string) => DirectoryReader
  /** Where choosing a folder begins: the person's own folder. */
  readonly userFolder: string
  readonly verification: (ledgerFile: string) => VerificationPool
  readonly sample: SampleBuilder | null
  /** A fault of our own, for the host to write down; never shown to a peer. */
  readonly onBug: (thrown: unknown) => void
  /** False for the CLI: no watcher, no periodic rescan; each command does its own pass. */
  readonly background: boolean
}
