// Why a bundle, or one entry of it, is not taken: the entry, the reason as a word, the rule in a sentence, and what to do.

/** What is wrong with the container: one of these refuses the whole bundle, before anything is written. */
export type ContainerReason =
  | 'truncated'
  | 'too-large'
  | 'too-many-entries'
  | 'bad-ratio'
  | 'bad-name'
  | 'absolute-name'
  | 'leaves-folder'
  | 'backslash'
  | 'drive-letter'
  | 'control-character'
  | 'reserved-name'
  | 'trailing-dot'
  | 'name-too-long'
  | 'duplicate'
  | 'case-twin'
  | 'file-and-folder'
  | 'link'
  | 'special-file'
  | 'encrypted'
  | 'unknown-method'
  | 'nested-zip'
  | 'overlap'
  | 'header-mismatch'
  | 'bad-directory'

/** What is wrong with one file: it alone is refused, the rest goes on. */
export type EntryReason =
  | 'wrong-checksum'
  | 'wrong-size'
  | 'cannot-unpack'
  | 'unreadable'
  | 'unfinished'
  | 'bad-segment-name'
  | 'content-mismatch'
  | 'not-receipts'

/** One refusal, ready to be shown. */
export interface EntryRefusal {
  /** Its name in the bundle as it is written there; empty for the bundle itself. */
  readonly entry: string
  readonly reason: string
  /** What was found, with the values that show it; one sentence. */
  readonly detail: string
  readonly remedy: string
}

/** @param detail what was found; one sentence. */
export function refuseEntry(entry: string, reason: ContainerReason | EntryReason, detail: string): EntryRefusal {
  return { entry, reason, detail, remedy: remedyByReason[reason] }
}

const PACK_AGAIN = 'Ask who made the bundle to pack it again with Steward’s export or an ordinary zip tool.'
const RENAME = 'Ask who made the bundle to rename it and to pack again.'
const SEND_AGAIN = 'Have it sent or copied again; it was damaged on the way.'
const SPLIT = 'Ask for several smaller bundles, such as one for each node.'
const DISTRUST = 'No ordinary tool writes this: ask who made the bundle, and do not unpack it elsewhere.'

const remedyByReason: Readonly<Record<ContainerReason | EntryReason, string>> = {
  truncated: SEND_AGAIN,
  'too-large': SPLIT,
  'too-many-entries': SPLIT,
  'bad-ratio': DISTRUST,
  'bad-name': RENAME,
  'absolute-name': DISTRUST,
  'leaves-folder': DISTRUST,
  backslash: PACK_AGAIN,
  'drive-letter': DISTRUST,
  'control-character': RENAME,
  'reserved-name': RENAME,
  'trailing-dot': RENAME,
  'name-too-long': RENAME,
  duplicate: PACK_AGAIN,
  'case-twin': RENAME,
  'file-and-folder': DISTRUST,
  link: 'Pack the file itself instead of a link to it.',
  'special-file': 'Leave it out: only plain files and folders are taken.',
  encrypted: 'Unpack it with its password and drop the folder instead.',
  'unknown-method': PACK_AGAIN,
  'nested-zip': 'Unpack the inner zip and import it by itself.',
  overlap: DISTRUST,
  'header-mismatch': DISTRUST,
  'bad-directory': SEND_AGAIN,
  'wrong-checksum': SEND_AGAIN,
  'wrong-size': DISTRUST,
  'cannot-unpack': SEND_AGAIN,
  unreadable: 'Check who may read it, then import again.',
  unfinished: 'Ask who made the bundle to make it again, once the file is whole.',
  'bad-segment-name': 'Nothing needs to be done: no Steward reads a file of this name.',
  'content-mismatch': 'Ask who made the bundle for the content itself; what its receipts say stands without it.',
  'not-receipts': 'Nothing needs to be done if it is not meant for Steward.',
}

/** What to do about a line or note whose signature or form does not hold. */
export const LINE_REMEDY = 'Ask who made the bundle; if its steward did not change it, look at who may have.'

/** A list of refusals that counts beyond its limit. */
export class RefusalList {
  readonly items: EntryRefusal[] = []
  count = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  add(refusal: EntryRefusal): void {
    this.count++
    if (this.items.length < this.#limit) this.items.push(refusal)
  }

  /** What another list holds and what it only counts. */
  addAll({ items, count }: RefusalList): void {
    for (const refusal of items) this.add(refusal)
    this.count += count - items.length
  }
}
