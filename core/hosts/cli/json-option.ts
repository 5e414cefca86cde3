// JSON typed on a command line.
import { Json } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'

/** @throws StewardError NOT_JSON with the parser's own words. */
export function parseJsonOption(option: string, text: string): Json {
  try {
    return Json.parse(JSON.parse(text))
  } catch (cause) {
    throw new StewardError({
      code: 'NOT_JSON',
      happened: `${option} is not JSON: ${cause instanceof Error ? cause.message : 'unreadable'}.`,
      kept: 'Nothing was signed.',
      remedy: 'Put the JSON into single quotes, so that the shell leaves it as it is.',
      cause,
    })
  }
}
