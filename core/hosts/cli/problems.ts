// Whatever was thrown, as the four sentences of a Problem and an exit code.
import { ORPCError } from '@orpc/client'
import { fieldOfPart, ProblemShape, type RefusedPart, refusedParts } from '#core/contract/index.ts'
import { problemFrom, type Problem } from '#core/problem/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { terminalRemedy } from './remedies.ts'

/** Codes that say that evidence does not hold; everything else "could not be done". */
const INTEGRITY = new Set([
  'LEDGER_DAMAGED',
  'NODE_FILE_DAMAGED',
  'BAD_SIGNATURE',
  'CONTENT_MISMATCH',
  'OWN_FEED_FORKED',
])

/** With a remedy for who sits at a terminal. */
export function problemOf(thrown: unknown): Problem {
  const problem = toldProblem(thrown)
  return { ...problem, remedy: terminalRemedy(problem.code, problem.remedy) }
}

function toldProblem(thrown: unknown): Problem {
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

// The contract's schemas refuse input before the core sees it; their issues name the field, and a person typed an option.
function badInput(data: unknown): Problem {
  const refused = refusedParts(data).map((part) => ({ ...fieldOf(part), words: part.words }))
  const told = refused.map(({ typed, words }) => `${typed} ${words}.`)
  const remedies = refused.flatMap(({ remedy }) => (remedy === null ? [] : [remedy]))
  return {
    code: 'BAD_INPUT',
    happened: told.length === 0 ? 'The input was not accepted.' : [...new Set(told)].join(' '),
    kept: 'Nothing was changed.',
    remedy:
      remedies.length === 0
        ? 'See `steward <command> --help`, which has an example.'
        : [...new Set(remedies)].join(' '),
  }
}

interface Field {
  /** As it was typed. */
  readonly typed: string
  /** What would be right, with an example; null where the help of the command says it. */
  readonly remedy: string | null
}

const SHORTER: Pick<Field, 'remedy'> = { remedy: 'Write it shorter.' }

/** By the way through the input, without positions in lists; a part of a field is told as the field. */
const FIELDS: Readonly<Record<string, Field>> = {
  kind: { typed: '--kind', remedy: 'Write it as in --kind evidence/observed.' },
  subject: { typed: '--subject', remedy: 'Write it as in --subject reports/usage.json.' },
  task: { typed: '--task', remedy: 'Write it as in --task pilot, or leave it out.' },
  'content.body': { typed: '--body', remedy: `Write it as in --body '{"value": 42}'.` },
  'content.name': { typed: 'The name of the --file', remedy: 'Give the file a name of 1 to 255 characters.' },
  sizeBytes: { typed: 'The size of the --file', remedy: 'Name a smaller file.' },
  name: { typed: '--name', remedy: 'Write it as in --name Ada; 1 to 64 characters.' },
  networkName: { typed: '--network', remedy: 'Write it as in --network pilot; 1 to 64 characters.' },
  exchange: { typed: '--exchange', remedy: 'Name a folder with a shorter path.' },
  capsule: { typed: '--capsule', remedy: 'Name a folder with a shorter path.' },
  passphrase: { typed: 'The passphrase', remedy: 'Choose one of 8 to 1024 characters.' },
  phrase: { typed: 'The --phrase-file', remedy: 'Name the file that holds the 24 words and nothing else.' },
  limit: { typed: '--limit', remedy: 'Write it as in --limit 50; 1 to 200.' },
  after: { typed: '--after', remedy: 'Give the `next` of the page before, or leave it out.' },
  reason: { typed: '--reason', remedy: 'Write it as in --reason "checked against the meter"; up to 4000 characters.' },
  planStep: { typed: '--plan-step', ...SHORTER },
  note: { typed: '--note', ...SHORTER },
  'verdict.receipts': {
    typed: '--several',
    remedy: 'Name two or more, as in --several 91be44c07d12 c02d9a11f3e8; for one alone there is --pick.',
  },
  'verdict.body': { typed: '--body', remedy: `Write it as in --body '{"value": 42}'.` },
  'from.paths': { typed: 'What is to be imported', remedy: 'Name up to 1000 files or folders.' },
  'from.labels': { typed: '--node', remedy: 'Write it as in --node ada=/path/to/ada.' },
  nodes: { typed: '--node', remedy: 'Name up to 1000 nodes, or leave it out for all.' },
  to: { typed: '--to', remedy: 'Name a file with a shorter path.' },
  folder: { typed: '--out', remedy: 'Name a folder with a shorter path.' },
}

function fieldOf(part: RefusedPart): Field {
  const unnamed = { typed: part.names.length === 0 ? 'The input' : `“${part.names.join('.')}”`, remedy: null }
  return fieldOfPart(part, FIELDS) ?? unnamed
}
