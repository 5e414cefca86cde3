// When to look: soon after an event, for the node that it touched; and all of it from time to time, since network drives often send
// no events at all.
import { relative, sep } from 'node:path'
import {
  FEED,
  HEAD,
  isFoldedNodeName,
  isTemporary,
  MARKER,
  nodeOfFolderName,
  NODES,
  PROFILE,
  SEEN,
  STATE,
} from './exchange-paths.ts'
import type { FolderAdapter, FolderWatch } from './folder-adapter.ts'
import type { TimerHandle, Timers } from './timers-adapter.ts'
import { WhenQuiet } from './when-quiet.ts'

/** What comes after a pause is looked at almost at once: one file is told by two or three events. */
const AT_ONCE_MS = 2
const PAUSE_MS = 100
/** What comes close behind a look comes in a burst: one pass for all of it. */
const QUIET_MS = 20
const LONGEST_WAIT_MS = 250
/** How soon a folder that went away is looked for again. */
const MISSING_MS = 5_000

export interface WatchingDeps {
  readonly files: FolderAdapter
  readonly timers: Timers
  readonly rescanSeconds: () => number
  /** Its events are our own. */
  readonly ownFolderName: string
  /** Names of the touched node folders; null for everything. `isRescan`: it was due, no event asked for it. Never rejects. */
  readonly look: (touched: ReadonlySet<string> | null, isRescan: boolean) => Promise<void>
}

export interface Watching {
  /** The folder is there: watch it. Null: it is not, or none is chosen. */
  present(folder: string | null): void
  /** Asks for a pass over these node folders soon; null for everything. */
  soon(touched: readonly string[] | null): void
  stop(): Promise<void>
}

/** Looks at once, then whenever there is reason to, until it is stopped. */
export function startWatching(deps: WatchingDeps): Watching {
  const { files, timers } = deps
  let watched: { readonly folder: string; readonly watch: FolderWatch } | null = null
  let touched: Set<string> | null = null
  let isRescan = true
  let rescanTimer: TimerHandle | null = null
  /** Runs while a look is not long ago. */
  let pauseTimer: TimerHandle | null = null
  let looking = false
  let asked = false
  let stopped = false
  const whenQuiet = new WhenQuiet(timers, LONGEST_WAIT_MS, () => void look())

  function cancel(handle: TimerHandle | null): void {
    if (handle !== null) timers.clearTimeout(handle)
  }

  async function look(): Promise<void> {
    // What comes meanwhile is gathered and looked at together afterwards.
    if (looking || stopped) return
    looking = true
    asked = false
    const [names, wasDue] = [touched, isRescan]
    ;[touched, isRescan] = [new Set(), false]
    await deps.look(names, wasDue)
    looking = false
    if (names === null) planRescan()
    planPause()
    if (asked) planLook()
  }

  function planPause(): void {
    cancel(pauseTimer)
    pauseTimer = stopped ? null : timers.setTimeout(() => (pauseTimer = null), PAUSE_MS)
  }

  function planRescan(): void {
    if (stopped) return
    cancel(rescanTimer)
    const rescanMs = deps.rescanSeconds() * 1000
    rescanTimer = timers.setTimeout(
      () => {
        isRescan = true
        soon(null)
      },
      watched === null ? Math.min(MISSING_MS, rescanMs) : rescanMs,
    )
  }

  function planLook(): void {
    if (!stopped) whenQuiet.soon(pauseTimer === null ? AT_ONCE_MS : QUIET_MS)
  }

  function soon(names: readonly string[] | null): void {
    if (names === null) touched = null
    else for (const name of names) touched?.add(name)
    asked = true
    if (!looking) planLook()
  }

  function onEvent(folder: string, path: string): void {
    const [top, node] = relative(folder, path).split(sep)
    if (top === NODES && node !== undefined) soon([node])
    else soon(null)
  }

  planLook()
  return {
    soon,
    present(folder) {
      if (folder === watched?.folder) return
      // A watch on a folder that went away does not come back with it.
      if (watched !== null) void watched.watch.close()
      watched = null
      if (folder === null || stopped) return
      const wants = (path: string) => isOfInterest(relative(folder, path).split(sep), deps.ownFolderName)
      watched = { folder, watch: files.watch(folder, wants, (path) => onEvent(folder, path)) }
    },
    async stop() {
      stopped = true
      whenQuiet.cancel()
      for (const timer of [pauseTimer, rescanTimer]) cancel(timer)
      await watched?.watch.close()
      watched = null
    },
  }
}

/** Only what is ours by name is watched: a folder full of other files costs no handles. */
function isOfInterest([top, node, name, file, ...deeper]: readonly string[], ownFolderName: string): boolean {
  if (top === undefined || deeper.length > 0) return false
  if (node === undefined) return top === MARKER || top === NODES
  if (top !== NODES || node === ownFolderName) return false
  if (nodeOfFolderName(node) === null && !isFoldedNodeName(node)) return false
  if (name === undefined) return true
  if (file === undefined) return [HEAD, PROFILE, SEEN, STATE, FEED].includes(name)
  return name === FEED && file.endsWith('.jsonl') && !isTemporary(file)
}
