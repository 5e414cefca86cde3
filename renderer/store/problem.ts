// Any thrown value as the four sentences a steward is told. Problems cross the boundary as data; the rest is a fault.
import { ORPCError } from '@orpc/client'
import { fieldOfPart, refusedParts } from '#core/contract/issue-words.ts'
import type { ProblemShape } from '#core/contract/index.ts'

export type Problem = ProblemShape

export const OFFLINE: Problem = {
  code: 'OFFLINE',
  happened: 'The window has lost its connection to your node.',
  kept: 'Nothing was sent and nothing was changed.',
  remedy: 'It reconnects by itself. Try again when the notice at the top is gone.',
}

/** A call that was on its way when the connection broke: nobody can say whether it arrived. */
const CUT_OFF: Problem = {
  code: 'CUT_OFF',
  happened: 'The connection to your node broke while it was answering.',
  kept: 'What it had signed already is kept; it may or may not have finished this.',
  remedy: 'Wait until the window is connected again, look at the result, then repeat it if it is missing.',
}

const FAULT: Problem = {
  code: 'INTERNAL',
  happened: 'Steward met a fault of its own.',
  kept: 'Receipts that were acknowledged before are safe in the ledger.',
  remedy: 'Try again. If it comes back, run the check in Settings and save a diagnostics file.',
}

/** What the window throws itself when there is nobody to ask. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError'
}

export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof OfflineError) return OFFLINE
  if (thrown instanceof ORPCError) {
    if (isProblem(thrown.data)) return thrown.data
    if (thrown.code === 'BAD_REQUEST') return refusedInput(thrown.data)
    return FAULT
  }
  if (thrown instanceof Error && (thrown.name === 'AbortError' || thrown.message.includes('WebSocket'))) return CUT_OFF
  return FAULT
}

function refusedInput(data: unknown): Problem {
  const told = refusedParts(data).map((part) => `${fieldOfPart(part, ENTERED) ?? 'What was entered'} ${part.words}.`)
  return {
    code: 'BAD_REQUEST',
    happened: told.length === 0 ? 'Your node could not read what was entered.' : [...new Set(told)].join(' '),
    kept: 'Nothing was changed.',
    remedy: 'Correct the entry and try again.',
  }
}

/** What a person enters somewhere in the window, by the way through the input. */
const ENTERED: Readonly<Record<string, string>> = {
  name: 'The name',
  networkName: 'The name of the network',
  passphrase: 'The passphrase',
  phrase: 'The recovery phrase',
  words: 'The words of the phrase',
  exchange: 'The exchange folder',
  capsule: 'The folder of the capsule',
  folder: 'The folder',
  kind: 'The kind',
  subject: 'The subject',
  task: 'The task',
  'content.body': 'The body',
  'content.name': 'The name of the file',
  sizeBytes: 'The size of the file',
  'verdict.body': 'The replacement',
  'verdict.receipts': 'The choice of several',
  reason: 'The reason',
  planStep: 'The plan step',
  note: 'The note',
  until: 'The end',
  kinds: 'The choice of kinds',
  'policy.decisionsNeeded': 'The number of stewards to settle a conflict',
  'policy.admissionsNeeded': 'The number of stewards to admit a node',
  'policy.escalateAfterDays': 'The number of days until a conflict is overdue',
  'policy.freshness': 'A rule about age',
  'policy.requireAnchor': 'A subject under an anchor',
  'policy.expected': 'An expected artefact',
  rescanSeconds: 'The time until everything is read again',
  quietHours: 'The quiet hours',
  undoSeconds: 'The time to undo a decision',
  filter: 'What the list is narrowed by',
  text: 'What is searched for',
}

function isProblem(data: unknown): data is Problem {
  return isRecord(data) && ['code', 'happened', 'kept', 'remedy'].every((key) => typeof data[key] === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
