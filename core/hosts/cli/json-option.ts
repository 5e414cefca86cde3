// JSON typed on a command line.
import { Json } from '#core/contract/index.ts'
import { StewardError, invariant } from '#core/problem/index.ts'

/** @throws StewardError NOT_JSON with the parser's own words, or with the first thing that it may not be. */
export function parseJsonOption(option: string, text: string): Json {
  const remedy = 'Put the JSON into single quotes, so that the shell leaves it as it is.'
  let written: unknown
  try {
    written = JSON.parse(text)
  } catch (cause) {
    invariant(cause instanceof Error, 'a parser throws errors')
    throw new StewardError({
      code: 'NOT_JSON',
      happened: `${option} is not JSON: ${cause.message}.`,
      kept: 'Nothing was signed.',
      remedy,
      cause,
    })
  }
  const read = Json.safeParse(written)
  if (read.success) return read.data
  throw new StewardError({
    code: 'NOT_JSON',
    happened: `${option} cannot be taken: ${read.error.issues.map(({ message }) => message).join(' ')}`,
    kept: 'Nothing was signed.',
    remedy: 'Put what it says into fewer levels, or into a file that is named by --file.',
  })
}
