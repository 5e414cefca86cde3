// Options that name a node directory together with its label, and options that may be given several times.
import { StewardError } from '#core/problem/index.ts'

/** For an option that may be given several times. */
export function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

/** `label=dir`. @throws StewardError USAGE. */
export function labelledFolder(written: string): { readonly label: string; readonly folder: string } {
  const at = written.indexOf('=')
  if (at > 0 && at < written.length - 1) return { label: written.slice(0, at), folder: written.slice(at + 1) }
  throw new StewardError({
    code: 'USAGE',
    happened: 'A node is named as <label>=<dir>.',
    kept: 'Nothing was written.',
    remedy: 'Write --node ada=/path/to/ada.',
  })
}
