// How a bundle is read, whatever it is: a zip, a folder, single files. Names are relative, with forward slashes, and judged already.
import type { DirectoryReader } from '#core/teof/index.ts'
import type { EntryRefusal, RefusalList } from './refusals.ts'

export interface BundleFile {
  readonly name: string
  readonly sizeBytes: number
}

export type FileContent =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly refusal: EntryRefusal }

export interface BundleReader {
  /** What the person knows it by: the name of the zip, the folder or the file. */
  readonly name: string
  /** Plain files, in the order of their names. */
  readonly files: readonly BundleFile[]
  /** Entries that were refused one by one while the rest goes on: links and special files of a folder. */
  readonly refused: RefusalList
  /** Names that are nobody's, such as `.DS_Store`. */
  readonly ignored: number
  /** The whole content, checked; `limitBytes` is judged before anything is read. */
  read(file: BundleFile, limitBytes: number): Promise<FileContent>
  /** The content in pieces, checked at the end: null where it holds. A sink that throws ends it. */
  pour(file: BundleFile, sink: (piece: Uint8Array) => void | Promise<void>): Promise<EntryRefusal | null>
  /** Under which folder what was named by this path lies in it; empty where that is the whole. */
  folderOf(path: string): string
  /** The same files as node directories are read. */
  directory(): DirectoryReader
  close(): Promise<void>
}

export interface BundleSource {
  /** Absolute. */
  readonly paths: readonly string[]
  /** What the person knows it by, where the path's own name says nothing: of what came through the window. */
  readonly name: string | null
  /** Which node the directory at one of the paths is, where the steward says so. */
  readonly labels?: readonly { readonly path: string; readonly label: string }[]
}

export type OpenedBundle =
  | { readonly ok: true; readonly reader: BundleReader }
  /** The container itself is not to be trusted, so nothing of it is read. */
  | { readonly ok: false; readonly name: string; readonly refused: RefusalList }

export interface BundleWriter {
  /** @param name relative, with forward slashes. */
  add(name: string, bytes: Uint8Array): Promise<void>
  /** A file of this machine, as it is. False where it went away. */
  addFile(name: string, path: string): Promise<boolean>
  /** Gives the bundle its name; answers its size on the disk. */
  finish(): Promise<number>
  /** Nothing of it stays. */
  abandon(): Promise<void>
}

/** Where bundles come from and go to. */
export interface BundleFiles {
  /** @throws StewardError BUNDLE_UNREADABLE where what was named is not there or may not be read. */
  open(source: BundleSource, step: Step): Promise<OpenedBundle>
  /**
   * Begins a bundle at `to`: a zip where the name ends so, otherwise a folder.
   * @throws StewardError EXPORT_UNUSABLE where something is there already or the place cannot be written.
   */
  create(to: string, modified: Date): Promise<BundleWriter>
  /** What a write that failed is told as. */
  exportFailed(to: string, error: unknown): unknown
}

/** Told of progress, and asked whether to go on. Throws `Cancelled` where not. */
export type Step = (done: number, total: number) => void

/** True for files that systems and sync tools leave everywhere. */
export function isNobodys(name: string): boolean {
  return (
    NOBODYS.test(name.slice(name.lastIndexOf('/') + 1)) || /(^|\/)(__MACOSX|\.git|\.stversions|\.stfolder)\//.test(name)
  )
}

const NOBODYS = /^(\.DS_Store|desktop\.ini|Thumbs\.db|\._.*|\.stignore|\..*\.tmp|~syncthing~.*)$/i
