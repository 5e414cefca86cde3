// JSON typed on a command line.
import type { Json } from '#core/contract/index.ts'
import { parseJsonText } from '#core/contract/typed-json.ts'
import { StewardError } from '#core/problem/index.ts'

/** @throws StewardError NOT_JSON where it is none; NOT_AS_TYPED where something else than what was typed would be signed. */
export function parseJsonOption(option: string, text: string): Json {
  const read = parseJsonText(text)
  if (read.ok) return read.value
  throw new StewardError(
    read.isJson
      ? {
          code: 'NOT_AS_TYPED',
          happened: `${option} cannot be signed as it is written. ${read.why}`,
          kept: 'Nothing was signed.',
          remedy: `Change that in ${option} and run the command again.`,
        }
      : {
          code: 'NOT_JSON',
          happened: `${option} cannot be read. ${read.why}`,
          kept: 'Nothing was signed.',
          remedy: 'Put the JSON into single quotes, so that the shell leaves it as it is.',
        },
  )
}
