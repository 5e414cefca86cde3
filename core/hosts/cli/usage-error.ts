// What was typed cannot be done as it stands; the sentence says why, the remedy what to type instead.
import { StewardError } from '#core/problem/index.ts'

export function usageError(happened: string, remedy: string): StewardError {
  return new StewardError({ code: 'USAGE', happened, kept: 'Nothing was changed.', remedy })
}
