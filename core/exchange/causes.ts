// Why the exchange, or one node's feed in it, stands still: one sentence what is the matter, one what to do.
import type { ExchangeState } from '#core/contract/index.ts'
import { codeOf, problemFrom, StewardError } from '#core/problem/index.ts'

export interface Cause {
  /** Stable, for hosts that have their own words for what is to be done. */
  readonly code: string
  readonly state: ExchangeState
  readonly reason: string
  readonly remedy: string
}

export const causes = {
  noFolder: {
    code: 'no-folder',
    state: 'none',
    reason: 'No exchange folder is chosen, so nothing reaches other nodes.',
    remedy: 'Choose the folder that is shared with the other nodes.',
  },
  folderMissing: {
    code: 'folder-missing',
    state: 'missing',
    reason: 'The exchange folder is not there.',
    remedy: 'Plug in the drive or start the sync tool; what waits is published as soon as it is back.',
  },
  notMounted: {
    code: 'not-mounted',
    state: 'missing',
    reason: 'The folder is there but the exchange is not in it: a drive that is not mounted leaves an empty folder.',
    remedy: 'Mount the drive. If somebody deleted steward-exchange.json, choose the folder again to make it anew.',
  },
  noExchangeYet: {
    code: 'no-exchange-yet',
    state: 'missing',
    reason: 'The folder holds no exchange yet.',
    remedy: 'Wait until the sync tool has brought steward-exchange.json, or choose the folder that holds it.',
  },
  markerUnfinished: {
    code: 'marker-unfinished',
    state: 'unreadable',
    reason: 'steward-exchange.json is there but not whole.',
    remedy: 'Wait for the sync tool, or make the folder available offline; it is read again at the next rescan.',
  },
  otherNetwork: {
    code: 'other-network',
    state: 'other-network',
    reason: 'The folder belongs to another network, so nothing is read from it or written to it.',
    remedy:
      'Choose the folder of this node’s own network. If this node is alone in its network and means to join that one, choose this folder again in Settings.',
  },
  readOnly: {
    code: 'read-only',
    state: 'read-only',
    reason: 'The folder cannot be written, so own receipts do not get out. Reading goes on.',
    remedy: 'Allow writing to the folder, or lift the write protection of the drive; the backlog follows by itself.',
  },
  full: {
    code: 'full',
    state: 'full',
    reason: 'There is no space left in the exchange folder, so own receipts do not get out. Reading goes on.',
    remedy: 'Free some space on that drive or in that account; the backlog follows by itself.',
  },
  forbidden: {
    code: 'forbidden',
    state: 'unreadable',
    reason: 'The folder may not be read.',
    remedy: 'Give this account the right to read the folder, then rescan.',
  },
  busy: {
    code: 'busy',
    state: 'unreadable',
    reason: 'The system could not open more files, or another program holds them.',
    remedy: 'Nothing needs to be done: it is tried again at the next rescan.',
  },
  silent: {
    code: 'silent',
    state: 'unreadable',
    reason:
      'The exchange folder has not answered yet, so this node does not know what it signed last and signs nothing.',
    remedy:
      'Wait a moment: signing is possible by itself once the folder answers. If it stays silent, look at the drive or its connection; unplugged, it keeps nobody from signing.',
  },
  diskError: {
    code: 'disk-error',
    state: 'unreadable',
    reason: 'The drive answered with an error.',
    remedy: 'Check the drive and its cable; it is tried again at the next rescan.',
  },
  ownFolderIsNoFolder: {
    code: 'own-folder-is-no-folder',
    state: 'unreadable',
    reason:
      'Where this node’s own folder should be lies something else, such as a link; nothing is written through it.',
    remedy: 'Remove what has that name in the exchange, then rescan.',
  },
  ownFeedForked: {
    code: 'own-feed-forked',
    state: 'unreadable',
    reason:
      'The own feed tells two stories: this key has signed in another place too. Both are published as proof, and nothing new is.',
    remedy: 'Stop the other place that uses this key, and let another steward decide the fork in Conflicts.',
  },
  keyInTwoPlaces: {
    code: 'key-in-two-places',
    state: 'unreadable',
    reason:
      'Another place that uses this node’s key writes what it holds over what this one holds. This one leaves it there; receipts still get out.',
    remedy: 'Stop the other place that uses this key, then choose the exchange folder again or start this node again.',
  },
  ownHeadAhead: {
    code: 'own-head-ahead',
    state: 'unreadable',
    reason: 'The folder holds a longer own feed than this ledger, and its receipts are not all readable yet.',
    remedy:
      'Wait until the sync tool has brought all of it. If it is lost for good, declare the old head lost in Settings.',
  },
  notAdmitted: {
    code: 'not-admitted',
    state: 'not-admitted',
    reason: 'No steward of the network has admitted this node yet, so nobody merges its receipts.',
    remedy: 'Ask a steward to compare the six words of this node and to admit it under Network.',
  },
  genesisNotHere: {
    code: 'genesis-not-here',
    state: 'not-admitted',
    reason: 'The founding receipt of the network has not arrived in the folder yet.',
    remedy: 'Wait until the sync tool has brought the founder’s folder.',
  },
  overfull: {
    code: 'overfull',
    state: 'idle',
    reason:
      'The exchange folder holds more than is looked at, so a node that asks to join may not be seen. What admitted nodes sign is read all the same.',
    remedy:
      'Look at who may write to the exchange folder, and delete from “nodes” in it what no steward of the network knows.',
  },
} as const satisfies Record<string, Cause>

/** True for what a folder, a disk or a person can put right; anything else is a bug and is not to be caught for good. */
export function isHindrance(error: unknown): boolean {
  return error instanceof StewardError || codeOf(error) !== null
}

/** A StewardError says itself what to do; for a bug there is the general answer. */
export function causeOfProblem(error: unknown): Cause {
  const { code, happened, remedy } = problemFrom(error)
  return { code, state: 'unreadable', reason: happened, remedy }
}

/** What a failure of the folder means. Unknown ones count as a fault of the drive: they are retried and shown with their code. */
export function causeOf(error: unknown, during: 'reading' | 'writing'): Cause {
  if (error instanceof StewardError) return causeOfProblem(error)
  const code = codeOf(error)
  switch (code) {
    case 'ENOENT':
    case 'ENOTCONN':
    case 'ENODEV':
    case 'ESTALE':
      return causes.folderMissing
    case 'ENOSPC':
    case 'EDQUOT':
      return causes.full
    case 'EROFS':
      return causes.readOnly
    case 'EACCES':
    case 'EPERM':
      return during === 'writing' ? causes.readOnly : causes.forbidden
    case 'ENOTDIR':
    case 'ELOOP':
      return causes.ownFolderIsNoFolder
    case 'EMFILE':
    case 'ENFILE':
    case 'EBUSY':
    case 'ETXTBSY':
    case 'EAGAIN':
      return causes.busy
    case null:
      return causes.diskError
    default:
      return { ...causes.diskError, reason: `The drive answered with an error (${code}).` }
  }
}
