// A published capsule as the seed of a node: its hashes.json, checked against the files beside it, becomes the first anchor.
import { basename, dirname } from 'node:path'
import type { ContentHash } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import { checkCapsule, readCapsules, type CapsuleCheck, type DirectoryReader } from '#core/teof/index.ts'

type OpenDirectory = (folder: string) => DirectoryReader

export interface CapsuleSeed {
  /** Of hashes.json. */
  readonly hash: ContentHash
  /** What people call it: its version. */
  readonly label: string
}

/**
 * `path`: a capsule folder (`capsule/v1.6`), `capsule/current`, or a node directory that has one.
 * @throws StewardError CAPSULE_NOT_FOUND, CAPSULE_UNREADABLE, or CAPSULE_MISMATCH for a file that has another hash than is listed.
 */
export async function readCapsuleSeed(path: string, open: OpenDirectory): Promise<CapsuleSeed> {
  const check = await findCapsule(path, open)
  if (check === null) throw notFound(path)
  const [wrong] = check.mismatched
  if (wrong !== undefined) throw mismatch(wrong, check.mismatched.length)
  if (check.hashes === null) throw unreadable(check)
  return { hash: check.rawHash, label: (check.hashes.root ?? basename(check.folder)).slice(0, 256) }
}

/** What the founder of a node signs for it. */
export function capsuleAnchorDraft({ hash, label }: CapsuleSeed): Draft {
  return {
    kind: 'governance/anchor',
    subject: 'capsule/current/hashes.json',
    task: null,
    anchor: null,
    body: { hash, previous: null, label },
  }
}

async function findCapsule(path: string, open: OpenDirectory): Promise<CapsuleCheck | null> {
  const parent = dirname(path)
  const isInCapsule = basename(parent) === 'capsule'
  // Beneath the node directory its own names hold: hashes.json may name files from there, and `current` may be a link.
  if (isInCapsule && basename(path) === 'current') return (await readCapsules(open(dirname(parent)))).current
  const root = open(isInCapsule ? dirname(parent) : parent)
  const itself = await checkCapsule(root, isInCapsule ? `capsule/${basename(path)}` : basename(path))
  return itself ?? (await readCapsules(open(path))).current
}

function notFound(path: string): StewardError {
  return new StewardError({
    code: 'CAPSULE_NOT_FOUND',
    happened: `There is no capsule in ${path}: no hashes.json, and no capsule/current with one.`,
    kept: 'No node was made.',
    remedy: 'Choose a folder such as capsule/v1.6, or the node directory that holds it.',
  })
}

function unreadable({ folder, findings }: CapsuleCheck): StewardError {
  return new StewardError({
    code: 'CAPSULE_UNREADABLE',
    happened: findings[0]?.happened ?? `The hashes.json of ${folder} cannot be read.`,
    kept: 'No node was made.',
    remedy: 'Fetch the capsule again from whoever published it.',
  })
}

function mismatch({ path, stated, found }: CapsuleCheck['mismatched'][number], count: number): StewardError {
  const more = count === 1 ? '' : ` ${count - 1} more ${count === 2 ? 'file differs' : 'files differ'}.`
  return new StewardError({
    code: 'CAPSULE_MISMATCH',
    happened: `${path} hashes to ${found}, but the capsule's hashes.json says ${stated}.${more}`,
    kept: 'No node was made.',
    remedy: 'Fetch the capsule again from whoever published it: this copy was changed.',
  })
}
