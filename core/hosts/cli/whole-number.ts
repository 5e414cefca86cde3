import { InvalidArgumentError } from 'commander'

/** For options that count something. Throws InvalidArgumentError, which becomes a usage problem. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}
