// What was dropped on the window or chosen in a dialog, as files with the names that they have below what was dropped.
export interface DroppedFile {
  /** Relative, with forward slashes. */
  readonly name: string
  readonly file: File
}

/** Something dropped: found while the event is handled, read afterwards. */
export interface Dropped {
  /** What the steward knows it by. */
  readonly name: string
  /** Where it lies on this machine, where the shell can tell; null in a browser. */
  readonly paths: readonly string[] | null
  /** Every file in it, one after the other, so that a folder of thousands is never held as a whole. Throws where the browser cannot read one. */
  files(): AsyncIterable<DroppedFile>
}

/** True where files are being dragged, and not text or a link. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer !== null && transfer.types.includes('Files')
}

/** To be called while the drop is handled: afterwards the browser has forgotten what it was. Null where it holds no file. */
export function droppedFrom(transfer: DataTransfer, pathOf: ((file: File) => string) | undefined): Dropped | null {
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  if (entries.length === 0) return null
  const plain = [...transfer.files]
  return {
    name: nameOf(plain[0]?.name, plain.length),
    paths: pathsOf(plain, pathOf),
    async *files() {
      for (const { entry, file } of entries) {
        if (entry !== null) yield* filesIn(entry, '')
        else if (file !== null) yield { name: file.name, file }
      }
    },
  }
}

/** Files chosen in the browser's dialog; those of a folder bring their paths, and it chooses one folder. */
export function chosenFrom(list: ArrayLike<File>): Dropped | null {
  const first = list[0]
  if (first === undefined) return null
  const [top = '', ...below] = first.webkitRelativePath.split('/')
  return {
    name: below.length > 0 ? top : nameOf(first.name, list.length),
    paths: null,
    async *files() {
      for (let index = 0; index < list.length; index++) {
        const file = list[index]
        if (file !== undefined) yield { name: file.webkitRelativePath || file.name, file }
      }
    },
  }
}

function nameOf(first = 'files', count: number): string {
  return count === 1 ? first : `${count} files and folders`
}

/** Null where one of them has no place on this machine, such as a picture dragged out of a page. */
function pathsOf(files: readonly File[], pathOf: ((file: File) => string) | undefined): readonly string[] | null {
  if (pathOf === undefined) return null
  const paths = files.map(pathOf)
  return paths.includes('') || paths.length === 0 ? null : paths
}

async function* filesIn(entry: FileSystemEntry, folder: string): AsyncGenerator<DroppedFile> {
  const name = folder + entry.name
  if (isFile(entry)) {
    yield { name, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    // A folder is read in portions until one is empty.
    for (let portion = await portionOf(reader); portion.length > 0; portion = await portionOf(reader))
      for (const below of portion) yield* filesIn(below, `${name}/`)
  }
}

function portionOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}
