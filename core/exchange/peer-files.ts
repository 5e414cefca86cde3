// The small signed files of a node: its head, what it holds, its profile. Of a node that is not admitted only head and profile
// are read, and only kept as what somebody who asks to join says.
import { join } from 'node:path'
import type { Instant, NodeId } from '#core/contract/index.ts'
import { admittedNodes, blockedNodes, PROFILE as PROFILE_KIND, ProfileBody } from '#core/network/index.ts'
import type { Tx } from '#core/ledger/index.ts'
import { codeOf } from '#core/problem/index.ts'
import { LIMITS, parseHead, parseLine, parseSeen, shortId, verifyHead, verifySeen } from '#core/receipts/index.ts'
import type { Parsed, Refusal, Verdict, VerifiedHead, VerifiedSeen } from '#core/receipts/index.ts'
import { HEAD, nodeFolderName, NODES, PROFILE, SEEN, STATE } from './exchange-paths.ts'
import type { FileStat } from './folder-adapter.ts'
import {
  inboxFilesOf,
  isJudged,
  isSameFile,
  needsReading,
  rememberFile,
  STABLE_RESCANS,
  type InboxFile,
} from './inbox-files.ts'
import type { Pass } from './pass.ts'
import {
  dropPending,
  headOf,
  lastSeenOf,
  pendingCount,
  pendingOf,
  pendingRecords,
  recordHead,
  recordLastSeen,
  recordPending,
  recordSeen,
} from './peer-records.ts'
import { clearRefusals } from './quarantine.ts'
import { sha256Of } from './segment.ts'
import { judgeState } from './state-files.ts'
import { recordState } from './state-records.ts'

/** Nodes that are remembered as asking to join; more only cost. */
const MOST_PENDING = 10_000
/**
 * Up to here a small file is read whenever its folder is looked at. Size and time say too little of it: a head is replaced by one of the
 * same size, perhaps within the same tick of the drive's clock, and tools that carry files keep the time that the other machine gave. A
 * longer one is held against size and time like a segment: only what many nodes say of one another grows so long, and it is said anew.
 */
const ALWAYS_READ_BYTES = 32 * 1024

/** Reads what an admitted node says of its own feed and of others'. True where its head is news. */
export async function readHeadAndSeen(pass: Pass, node: NodeId, folderName: string): Promise<boolean> {
  const isNews = await readHead(pass, node, folderName)
  const known = inboxFilesOf(pass.ledger.read, node)
  await readSmallFile(
    pass,
    known,
    { node, folderName, name: SEEN, limitBytes: LIMITS.seenBytes },
    {
      judge: (bytes) => judgeSeen(pass, node, bytes),
      take: (tx, seen, bytes) => {
        // The same once more, under another time: a bundle may have said more since. Anything else is what the node says now.
        const before = known.get([NODES, folderName, SEEN].join('/'))
        if (before?.state !== 'done' || before.sha256 !== sha256Of(bytes)) recordSeen(tx, seen)
        recordLastSeen(tx, node, 'folder')
        tx.touched('network')
      },
    },
  )
  await readSmallFile(
    pass,
    known,
    { node, folderName, name: STATE, limitBytes: LIMITS.stateBytes },
    {
      judge: (bytes) => judgeState(pass, node, bytes),
      take: (tx, state) => {
        recordState(tx, state)
        tx.touched('network')
      },
    },
  )
  return isNews
}

/** Reads what an admitted node says of its own feed: an older head says nothing new. */
export async function readHead(pass: Pass, node: NodeId, folderName: string): Promise<boolean> {
  let isNews = false
  await readSmallFile(
    pass,
    inboxFilesOf(pass.ledger.read, node),
    { node, folderName, name: HEAD, limitBytes: LIMITS.headBytes },
    {
      judge: (bytes) => judgeHead(pass, node, bytes),
      take: (tx, head, bytes) => {
        isNews = recordHead(tx, head, bytes)
        if (isNews) recordLastSeen(tx, node, 'folder')
        tx.touched('network')
      },
    },
  )
  return isNews
}

/** Reads who asks to join. */
export async function readPending(pass: Pass, node: NodeId, folderName: string): Promise<void> {
  const known = inboxFilesOf(pass.ledger.read, node)
  const record = pendingOf(pass.ledger.read, node)
  if (record === null && pendingCount(pass.ledger.read) >= MOST_PENDING) return
  let head: VerifiedHead | null = null
  let profile: ProfileBody | null = null
  await readSmallFile(
    pass,
    known,
    { node, folderName, name: HEAD, limitBytes: LIMITS.headBytes },
    {
      judge: (bytes) => judgeHead(pass, node, bytes),
      take: (tx, found, bytes) => {
        head = found
        recordHead(tx, found, bytes)
      },
    },
  )
  await readSmallFile(
    pass,
    known,
    { node, folderName, name: PROFILE, limitBytes: LIMITS.profileBytes },
    {
      judge: (bytes) => judgeProfile(pass, node, bytes),
      take: (_tx, found) => {
        profile = found
      },
    },
  )
  // Assigned in the callbacks above, which the compiler does not follow.
  const [newHead, newProfile] = [head as VerifiedHead | null, profile as ProfileBody | null]
  if (newHead === null && newProfile === null) return
  pass.ledger.write(pass.now(), (tx) => {
    recordPending(
      tx,
      {
        node,
        name: newProfile?.name ?? record?.name ?? shortId(node),
        org: newProfile?.org ?? record?.org ?? null,
        region: newProfile?.region ?? record?.region ?? null,
      },
      newHead?.seq ?? headOf(tx, node)?.seq ?? 0,
    )
    recordLastSeen(tx, node, 'folder')
    tx.touched('network')
  })
}

/** Those who asked and are now admitted, blocked, or gone from the folder. Who asks by a bundle never lay in the folder. */
export function dropPendingExcept(pass: Pass, stillAsking: ReadonlySet<NodeId>): void {
  const decided = new Set([...admittedNodes(pass.ledger.read), ...blockedNodes(pass.ledger.read)])
  const gone = pendingRecords(pass.ledger.read).filter(
    ({ node }) => !stillAsking.has(node) && (decided.has(node) || lastSeenOf(pass.ledger.read, node)?.way !== 'bundle'),
  )
  if (gone.length === 0) return
  pass.ledger.write(pass.now(), (tx) => {
    for (const { node } of gone) dropPending(tx, node)
    tx.touched('network')
  })
}

export function judgeHead(pass: Pick<Pass, 'verifier'>, node: NodeId, bytes: Uint8Array): Verdict<VerifiedHead> {
  const parsed = ofNode(parseHead(bytes), node)
  return parsed.ok ? verifyHead(parsed.value, pass.verifier(), node) : parsed
}

export function judgeSeen(pass: Pick<Pass, 'verifier'>, node: NodeId, bytes: Uint8Array): Verdict<VerifiedSeen> {
  const parsed = ofNode(parseSeen(bytes), node)
  return parsed.ok ? verifySeen(parsed.value, pass.verifier(), node) : parsed
}

export function judgeProfile(pass: Pick<Pass, 'verifier'>, node: NodeId, bytes: Uint8Array): Verdict<ProfileBody> {
  const end = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length
  const parsed = parseLine(bytes.subarray(0, end))
  if (!parsed.ok) return parsed
  const { receipt } = parsed.value
  if (receipt.node !== node) return notOf(node, receipt.node)
  const body = ProfileBody.safeParse(receipt.body)
  if (receipt.kind !== PROFILE_KIND || !body.success) {
    return { ok: false, refusal: { reason: 'bad-profile', detail: `It is no receipt of kind ${PROFILE_KIND}.`, node } }
  }
  const verdict = pass.verifier().verify(parsed.value, node)
  return verdict.ok === true ? { ok: true, value: body.data } : verdict
}

const NEWLINE = 0x0a

function ofNode<T extends { readonly node: NodeId }>(parsed: Parsed<T>, node: NodeId): Parsed<T> {
  return parsed.ok && parsed.value.node !== node ? notOf(node, parsed.value.node) : parsed
}

function notOf(node: NodeId, found: NodeId): { readonly ok: false; readonly refusal: Refusal } {
  return {
    ok: false,
    refusal: { reason: 'wrong-node', detail: `It is signed by ${found}, in the folder of ${node}.`, node },
  }
}

interface SmallFile {
  readonly node: NodeId
  readonly folderName: string
  readonly name: string
  readonly limitBytes: number
}

interface SmallFileUse<T> {
  readonly judge: (bytes: Uint8Array) => Verdict<T>
  readonly take: (tx: Tx, value: T, bytes: Uint8Array) => void
}

/** Reads one small file and takes what is new in it. What does not hold may be half-synced: it is refused only once it is stable. */
async function readSmallFile<T>(
  pass: Pass,
  known: ReadonlyMap<string, InboxFile>,
  { node, folderName, name, limitBytes }: SmallFile,
  { judge, take }: SmallFileUse<T>,
): Promise<void> {
  const path = [NODES, folderName, name].join('/')
  const before = known.get(path)
  const file = await statAndRead(pass, join(pass.folder, NODES, folderName, name), limitBytes, before)
  if (file === null) return
  const { stat, bytes, lookedAt } = file
  const { sizeBytes, mtimeNs } = stat
  const common = { path, node, sizeBytes, mtimeNs, deferred: 0, lastSeen: lookedAt }
  if (typeof bytes === 'string') {
    const unreadable = { ...common, sha256: null, state: 'unreadable', stable: 0 } as const
    pass.ledger.write(pass.now(), (tx) => rememberFile(tx, unreadable))
    return
  }
  const sha256 = sha256Of(bytes)
  const looksSame = before !== undefined && isSameFile(before, stat)
  if (looksSame && isJudged(before, sha256)) {
    // Only of those that are not always read does anybody ask whether they have settled.
    if (sizeBytes > ALWAYS_READ_BYTES)
      pass.ledger.write(pass.now(), (tx) => rememberFile(tx, { ...before, lastSeen: lookedAt }))
    return
  }
  if (before?.state === 'bad' && isJudged(before, sha256)) {
    // The same under another time, which is no reason to wait for it again.
    pass.ledger.write(pass.now(), (tx) => rememberFile(tx, { ...before, sizeBytes, mtimeNs, lastSeen: lookedAt }))
    return
  }
  const verdict = judge(bytes)
  const unchanged = looksSame && before.sha256 === sha256
  const stable = unchanged && pass.isFull ? before.stable + 1 : (before?.stable ?? 0) * Number(unchanged)
  pass.ledger.write(pass.now(), (tx) => {
    if (verdict.ok === true) {
      rememberFile(tx, { ...common, sha256, state: 'done', stable: 0 })
      clearRefusals(tx, { path, stands: () => false })
      take(tx, verdict.value, bytes)
    } else if (verdict.ok === 'deferred') {
      rememberFile(tx, { ...common, sha256, state: 'deferred', stable: 0 })
    } else if (stable < STABLE_RESCANS) {
      rememberFile(tx, { ...common, sha256, state: 'half', stable })
    } else {
      rememberFile(tx, { ...common, sha256, state: 'bad', stable })
      pass.tally.refuseFile(tx, { source: path, refusal: verdict.refusal, bytes, sizeBytes: stat.sizeBytes })
    }
  })
}

/** Null where there is nothing to read: no such file, nothing in it yet, or settled. A text is the system's code. */
async function statAndRead(
  pass: Pass,
  path: string,
  limitBytes: number,
  before: InboxFile | undefined,
): Promise<{ readonly stat: FileStat; readonly bytes: Uint8Array | string; readonly lookedAt: Instant } | null> {
  const lookedAt = pass.now()
  let stat: FileStat | null = null
  try {
    stat = await pass.files.stat(path)
    if (stat?.kind !== 'file' || stat.sizeBytes === 0) return null
    const isSettled = !needsReading(before, stat, { hasRoom: true, isFull: pass.isFull })
    if (isSettled && stat.sizeBytes > ALWAYS_READ_BYTES) return null
    const bytes = await pass.files.read(path, limitBytes)
    return bytes === null ? null : { stat, bytes, lookedAt }
  } catch (error) {
    // One that was read and looks the same is no trouble for failing once: it is read again in the next rescan.
    if (stat === null || !needsReading(before, stat, { hasRoom: true, isFull: false })) return null
    return { stat, bytes: codeOf(error) ?? 'unknown', lookedAt }
  }
}

/** The node whose folder lost its capitals on the way; its head says which one it is. Null where no head holds. */
export async function nodeOfFoldedFolder(pass: Pass, folderName: string): Promise<NodeId | null> {
  const bytes = await pass.files.read(join(pass.folder, NODES, folderName, HEAD), LIMITS.headBytes).catch(() => null)
  const parsed = bytes === null ? null : parseHead(bytes)
  if (parsed === null || !parsed.ok) return null
  const { node } = parsed.value
  if (nodeFolderName(node).toLowerCase() !== folderName.toLowerCase()) return null
  return verifyHead(parsed.value, pass.verifier(), node).ok === true ? node : null
}
