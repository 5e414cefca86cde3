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
  /** Every file in it. Throws where the browser cannot read a folder. */
  files(): Promise<readonly DroppedFile[]>
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
    name: nameOf(plain.map(({ name }) => name)),
    paths: pathsOf(plain, pathOf),
    files: async () => {
      const files: DroppedFile[] = []
      for (const { entry, file } of entries) {
        if (entry !== null) await gather(entry, '', files)
        else if (file !== null) files.push({ name: file.name, file })
      }
      return files
    },
  }
}

/** Files chosen in the browser's dialog; of a folder they bring their paths. */
export function chosenFrom(list: Iterable<File>): Dropped | null {
  const files = [...list].map((file) => ({ name: file.webkitRelativePath || file.name, file }))
  if (files.length === 0) return null
  const [top] = files[0]?.name.split('/') ?? []
  const isOneFolder = files.every(({ name }) => name.startsWith(`${top}/`))
  const name = isOneFolder && top !== undefined ? top : nameOf(files.map((each) => each.name))
  return { name, paths: null, files: () => Promise.resolve(files) }
}

function nameOf(names: readonly string[]): string {
  const [name = 'files'] = names
  return names.length === 1 ? name : `${names.length} files and folders`
}

/** Null where one of them has no place on this machine, such as a picture dragged out of a page. */
function pathsOf(files: readonly File[], pathOf: ((file: File) => string) | undefined): readonly string[] | null {
  if (pathOf === undefined) return null
  const paths = files.map(pathOf)
  return paths.includes('') || paths.length === 0 ? null : paths
}

async function gather(entry: FileSystemEntry, folder: string, files: DroppedFile[]): Promise<void> {
  const name = folder + entry.name
  if (isFile(entry)) {
    files.push({ name, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) })
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    // A folder is read in portions until one is empty.
    for (let portion = await portionOf(reader); portion.length > 0; portion = await portionOf(reader))
      for (const below of portion) await gather(below, `${name}/`, files)
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
