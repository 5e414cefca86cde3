// What a steward is told when a rule cannot be signed or taken back.
import { StewardError } from '#core/problem/index.ts'

export function ruleUnfit(happened: string): StewardError {
  return new StewardError({
    code: 'RULE_UNFIT',
    happened,
    kept: 'Nothing was signed.',
    remedy: 'Change the rule and look at its preview again.',
  })
}

export function noSuchRule(): StewardError {
  return new StewardError({
    code: 'NOT_FOUND',
    happened: 'There is no such standing rule here.',
    kept: 'Nothing was signed.',
    remedy: 'Check the id of the rule; it is the id of its receipt.',
  })
}

export function notOwnRule(): StewardError {
  return new StewardError({
    code: 'NOT_OWN_RULE',
    happened: 'This rule was signed by another node, and decides nothing for this one.',
    kept: 'Nothing was signed.',
    remedy: 'Ask its steward to take it back; what it decided can be outvoted by decisions of your own.',
  })
}

export function alreadyRevoked(): StewardError {
  return new StewardError({
    code: 'ALREADY_REVOKED',
    happened: 'This rule is taken back already.',
    kept: 'Nothing was signed.',
    remedy: 'There is nothing to do.',
  })
}
