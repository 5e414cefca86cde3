// What `npm run prove` is asked for.
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

export interface ProveWish {
  /** Plays this one; null searches. */
  readonly seed: string | null
  readonly minutes: number
  /** Seeds of a search are this with a number. */
  readonly from: string
  readonly machines: number | undefined
  readonly hours: number | undefined
  readonly processes: number
  readonly broken: string | null
  /** Plays every run that ever failed. */
  readonly known: boolean
  /** A file with a plan, as a failure prints it. */
  readonly plan: string | null
  /** Where figures go as JSON; null nowhere. */
  readonly report: string | null
  /** Only families of these names. */
  readonly only: readonly string[] | undefined
  /** Says what was found and does not shorten it. */
  readonly brief: boolean
}

export function parseWish(args: readonly string[]): ProveWish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      from: { type: 'string' },
      machines: { type: 'string' },
      hours: { type: 'string' },
      processes: { type: 'string', default: '1' },
      broken: { type: 'string' },
      known: { type: 'boolean', default: false },
      plan: { type: 'string' },
      report: { type: 'string' },
      only: { type: 'string' },
      brief: { type: 'boolean', default: false },
    },
  })
  return {
    seed: values.seed ?? null,
    minutes: Number(values.minutes),
    from: values.from ?? randomBytes(4).toString('hex'),
    machines: numberOf(values.machines),
    hours: numberOf(values.hours),
    processes: Number(values.processes),
    broken: values.broken ?? null,
    known: values.known,
    plan: values.plan ?? null,
    report: values.report ?? null,
    only: values.only?.split(','),
    brief: values.brief,
  }
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}
