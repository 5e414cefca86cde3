// Whatever was thrown, as the four sentences of a Problem and an exit code.
import { ORPCError } from '@orpc/client'
import { ProblemShape } from '#core/contract/index.ts'
import { problemFrom, type Problem } from '#core/problem/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** Codes that say that evidence does not hold; everything else "could not be done". */
const INTEGRITY = new Set([
  'LEDGER_DAMAGED',
  'NODE_FILE_DAMAGED',
  'BAD_SIGNATURE',
  'CONTENT_MISMATCH',
  'OWN_FEED_FORKED',
])

export function problemOf(thrown: unknown): Problem {
  if (!(thrown instanceof ORPCError)) return problemFrom(thrown)
  const told = ProblemShape.safeParse(thrown.data)
  if (told.success) return told.data
  if (thrown.code === 'BAD_REQUEST') return badInput(thrown.data)
  return problemFrom(thrown)
}

export function exitCodeOf(problem: Problem): ExitCode {
  return INTEGRITY.has(problem.code) ? EXIT.integrity : EXIT.failed
}

export function usageProblem(happened: string): Problem {
  return {
    code: 'USAGE',
    happened,
    kept: 'Nothing was changed.',
    remedy: 'See `steward <command> --help`, which has an example.',
  }
}

// The contract's schemas refuse input before the core sees it; their issues name the field.
function badInput(data: unknown): Problem {
  const issues =
    typeof data === 'object' && data !== null && 'issues' in data && Array.isArray(data.issues) ? data.issues : []
  const told = issues.map((issue: unknown) => issueText(issue)).join('; ')
  return {
    code: 'BAD_INPUT',
    happened: told === '' ? 'The input was not accepted.' : `The input was not accepted: ${told}.`,
    kept: 'Nothing was changed.',
    remedy: 'See `steward <command> --help`, which has an example.',
  }
}

function issueText(issue: unknown): string {
  if (typeof issue !== 'object' || issue === null || !('message' in issue)) return 'unknown'
  const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.join('.') : ''
  return path === '' ? String(issue.message) : `${path}: ${String(issue.message)}`
}
