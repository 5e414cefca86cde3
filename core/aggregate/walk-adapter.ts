// The files of one node directory, path by path in code point order, with no more in memory than the listings on the way down.
// Several directories walked in step meet every path exactly once, so that nothing has to be sorted or kept to be compared.
import { lstatSync, opendirSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '#core/problem/index.ts'
import { compareCodePoints, finding, TEOF_LIMITS, type Finding } from '#core/teof/index.ts'
import { ListedNames } from './listed-names.ts'

export interface Walk {
  /** The next file's path, relative and with forward slashes, in code point order; null behind the last one. */
  next(): string | null
}

export interface WalkOptions {
  /** Absolute. */
  readonly folder: string
  /** Absolute folders that are left out: what an earlier run wrote here. */
  readonly leftOut: readonly string[]
  readonly onFinding: (found: Finding) => void
}

/** Walks `_plans` (plans) and `_report` (JSON files). Never throws for what it meets: that is told to `onFinding`. */
export function walkNode({ folder, leftOut, onFinding }: WalkOptions): Walk {
  const roots = ROOTS.filter((name) => isFolder(join(folder, name))).map((name) => `${name}/`)
  const open: Listing[] = []
  // By depth: a folder is left before the next one of its depth is entered.
  const rooms: ListedNames[] = []

  function list(path: string, names: readonly string[]): void {
    const room = (rooms[open.length] ??= new ListedNames())
    room.hold(names)
    open.push({ path, names: room })
  }

  function enter(path: string): void {
    if (leftOut.includes(join(folder, path))) return
    if (open.length > TEOF_LIMITS.folderDepth) onFinding(notRead(path, 'nothing was read, since it lies too deep'))
    else list(`${path}/`, namesIn(folder, path, onFinding))
  }

  list('', roots)
  return {
    next() {
      for (;;) {
        const listing = open.at(-1)
        if (listing === undefined) return null
        const name = listing.names.next()
        if (name === null) open.pop()
        else if (name.charCodeAt(name.length - 1) === SLASH) enter(`${listing.path}${name.slice(0, -1)}`)
        else return `${listing.path}${name}`
      }
    },
  }
}

interface Listing {
  /** With a slash at the end; empty for the node directory itself. */
  readonly path: string
  /** A folder ends in a slash, which is also how it sorts. */
  readonly names: ListedNames
}

const PLANS = '_plans'
const ROOTS = [PLANS, '_report'] as const
const ARCHIVE = '_apoptosis'
const SLASH = 0x2f
/** Entries asked of the system at a time; more is hardly faster. */
const ENTRIES_AT_ONCE = 256

function namesIn(folder: string, path: string, onFinding: (found: Finding) => void): readonly string[] {
  const names: string[] = []
  const extension = path === PLANS || path.startsWith(`${PLANS}/`) ? '.plan.json' : '.json'
  let notEntered = 0
  try {
    for (const entry of entriesOf(join(folder, path))) {
      const { name } = entry
      if (entry.isDirectory() ? name === ARCHIVE : !name.endsWith(extension)) continue
      if (path.length + name.length + 2 > TEOF_LIMITS.pathCharacters || names.length >= TEOF_LIMITS.folderEntries)
        notEntered++
      else if (entry.isDirectory()) names.push(`${name}/`)
      else if (entry.isFile()) names.push(name)
      else onFinding(linkNotFollowed(`${path}/${name}`, entry.isSymbolicLink()))
    }
  } catch (error) {
    onFinding(notRead(path, `nothing more could be read: the system said ${codeOf(error) ?? 'unknown'}`))
  }
  if (notEntered > 0)
    onFinding(notRead(path, `${notEntered} files were not read: there are too many, or their paths are too long`))
  return inOrder(names)
}

function* entriesOf(path: string): Generator<Dirent> {
  const opened = opendirSync(path, { bufferSize: ENTRIES_AT_ONCE })
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) yield entry
  } finally {
    opened.closeSync()
  }
}

// The runtime sorts by UTF-16 units, which is the same and several times as fast as long as no name holds a surrogate.
function inOrder(names: string[]): readonly string[] {
  return names.some((name) => SURROGATE.test(name)) ? names.toSorted(compareCodePoints) : names.sort()
}

const SURROGATE = /[\ud800-\udfff]/

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function linkNotFollowed(path: string, isLink: boolean): Finding {
  return finding(
    'link-not-followed',
    path,
    `${path} is ${isLink ? 'a link' : 'no plain file'}, and was not opened.`,
    'Put the file itself there, if it is part of the node’s evidence.',
  )
}

function notRead(path: string, what: string): Finding {
  return finding('not-read', path, `In ${path}, ${what}.`, 'Make it readable, or split it, and reconcile again.')
}
