// What a steward is told when a command about a conflict cannot be done.
import type { ConflictId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'

export function noSuchConflict(id: ConflictId): StewardError {
  return new StewardError({
    code: 'NOT_FOUND',
    happened: `There is no conflict ${id} here now.`,
    kept: 'Nothing was changed.',
    remedy: 'It was solved, or a claim joined or left and it goes by another id: look at the list again.',
  })
}

export function conflictChanged(): StewardError {
  return new StewardError({
    code: 'CONFLICT_CHANGED',
    happened: 'The conflict changed while it was being reviewed: its claims are others now.',
    kept: 'Nothing was signed.',
    remedy: 'Look at the claims again and decide on what is there now.',
  })
}

export function verdictUnfit(happened: string): StewardError {
  return new StewardError({
    code: 'VERDICT_UNFIT',
    happened,
    kept: 'Nothing was signed.',
    remedy: 'Choose another verdict.',
  })
}

export function reasonMissing(): StewardError {
  return new StewardError({
    code: 'REASON_MISSING',
    happened: 'This verdict needs a reason, so that other stewards can follow it.',
    kept: 'Nothing was signed.',
    remedy: 'Say in a sentence why, then sign.',
  })
}

export function cannotDecide(happened: string): StewardError {
  return new StewardError({
    code: 'CANNOT_DECIDE',
    happened,
    kept: 'Nothing was signed.',
    remedy: 'Leave it to the stewards of other nodes, or wait until it can be decided.',
  })
}

export function noSuchDecision(): StewardError {
  return new StewardError({
    code: 'NOT_FOUND',
    happened: 'There is no such decision here.',
    kept: 'Nothing was signed.',
    remedy: 'Check the id of the decision; it is the id of its receipt.',
  })
}

export function notOwnDecision(): StewardError {
  return new StewardError({
    code: 'NOT_OWN_DECISION',
    happened: 'This decision was signed by another node.',
    kept: 'Nothing was signed.',
    remedy: 'Only who decided can withdraw; sign a decision of your own instead.',
  })
}

export function alreadyWithdrawn(): StewardError {
  return new StewardError({
    code: 'ALREADY_WITHDRAWN',
    happened: 'This decision is withdrawn already.',
    kept: 'Nothing was signed.',
    remedy: 'There is nothing to do.',
  })
}
