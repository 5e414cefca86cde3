// The files of one simulated machine, in memory: a tree that can be listed in any order, filled up, torn and taken away. What is in it
// survives the core that wrote it.

export interface DiskFile {
  readonly kind: 'file'
  readonly bytes: Uint8Array
  readonly mtimeNs: bigint
  /** False for a file that a sync tool shows but has not brought. */
  readonly isHere: boolean
}

export interface DiskFolder {
  readonly kind: 'folder'
  readonly children: Map<string, DiskFile | DiskFolder>
}

export type DiskEntry = DiskFile | DiskFolder

/** Who changed a file: the steward's app, the tool that carries files between machines, or somebody else. */
export type Hand = 'app' | 'tool' | 'stranger'

export type DiskListener = (path: string, file: DiskFile | null, hand: Hand) => void

export class Disk {
  #root: DiskFolder = { kind: 'folder', children: new Map() }
  #listeners: readonly DiskListener[] = []

  onChange(listener: DiskListener): void {
    this.#listeners = [...this.#listeners, listener]
  }

  at(path: string): DiskEntry | null {
    let entry: DiskEntry = this.#root
    for (const name of partsOf(path)) {
      if (entry.kind !== 'folder') return null
      const child = entry.children.get(name)
      if (child === undefined) return null
      entry = child
    }
    return entry
  }

  file(path: string): DiskFile | null {
    const entry = this.at(path)
    return entry?.kind === 'file' ? entry : null
  }

  /** Makes all folders on the way. */
  makeFolders(path: string): DiskFolder {
    let folder = this.#root
    for (const name of partsOf(path)) {
      const child = folder.children.get(name) ?? { kind: 'folder', children: new Map() }
      if (child.kind !== 'folder') throw errno('ENOTDIR')
      folder.children.set(name, child)
      folder = child
    }
    return folder
  }

  put(path: string, file: Omit<DiskFile, 'kind' | 'isHere'> & { readonly isHere?: boolean }, hand: Hand): void {
    const [parent, name] = this.#place(path)
    if (parent.children.get(name)?.kind === 'folder') throw errno('EISDIR')
    const made: DiskFile = { kind: 'file', isHere: true, ...file }
    parent.children.set(name, made)
    for (const listener of this.#listeners) listener(path, made, hand)
  }

  remove(path: string, hand: Hand): void {
    const entry = this.at(path)
    if (entry === null) return
    const [parent, name] = this.#place(path)
    for (const file of entry.kind === 'folder' ? this.files(path) : []) this.remove(file, hand)
    parent.children.delete(name)
    if (entry.kind === 'file') for (const listener of this.#listeners) listener(path, null, hand)
  }

  /** Paths of all files below a folder, sorted. */
  files(folder: string): string[] {
    const found: string[] = []
    const walk = (entry: DiskEntry, path: string) => {
      if (entry.kind === 'file') found.push(path)
      else for (const [name, child] of entry.children) walk(child, `${path}/${name}`)
    }
    const top = this.at(folder)
    if (top !== null) walk(top, folder)
    return found.sort()
  }

  #place(path: string): readonly [parent: DiskFolder, name: string] {
    const cut = path.lastIndexOf('/')
    const parent = this.at(path.slice(0, cut))
    if (parent === null) throw errno('ENOENT')
    if (parent.kind !== 'folder') throw errno('ENOTDIR')
    return [parent, path.slice(cut + 1)]
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

/** An error as the system throws it. */
export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: made up by the simulator`), { code })
}
