// What to do about each reason for which something was refused.
import type { RefusalReason } from '#core/receipts/index.ts'

const ASK_THE_OWNER =
  'Nothing needs to be done here; tell the steward of that node, whose Steward can write the file again.'

const remedyByReason: Readonly<Record<RefusalReason, string>> = {
  'not-utf8': ASK_THE_OWNER,
  'not-json': ASK_THE_OWNER,
  'not-canonical': ASK_THE_OWNER,
  'too-large': ASK_THE_OWNER,
  'too-deep': ASK_THE_OWNER,
  'too-many': ASK_THE_OWNER,
  'bad-number': ASK_THE_OWNER,
  'bad-text': ASK_THE_OWNER,
  'bad-envelope': 'It may come from a newer Steward: update this one. Otherwise tell the steward of that node.',
  'bad-signature':
    'Somebody changed the file or wrote it without the node’s key. If the steward of that node did not, look at who may write to the folder.',
  'weak-key': 'Anybody can sign for this key. Its steward must make a new node.',
  'bad-segment':
    'Let the sync tool bring the file again, or ask the steward of that node; it is read again when it changes.',
  'bad-head':
    'Let the sync tool bring the file again, or ask the steward of that node; it is read again when it changes.',
  'bad-profile': ASK_THE_OWNER,
  'content-mismatch': 'The content is looked for at other nodes; tell the steward of that node that its copy is wrong.',
  'wrong-node': 'Somebody put the file into the wrong folder. Look at who may write to the exchange.',
  'fork-flood': 'The fork is proved already; decide the conflict about it.',
}

/** The reason comes out of a table that only this version's refusals were written to, or an older one's. */
export function remedyFor(reason: string): string {
  return Object.hasOwn(remedyByReason, reason) ? remedyByReason[reason as RefusalReason] : ASK_THE_OWNER
}
