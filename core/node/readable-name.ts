// A name that this node gives itself must look like what it is. Names of others are taken as they come, and shown with what hides in them.
import { findHidden } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'

/** @throws StewardError NAME_NOT_READABLE; `what` is whose name it is, as in “the node’s name”. */
export function refuseUnreadable(name: string, what: string): void {
  const hidden = findHidden(name)
  if (hidden !== null) {
    const code = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    throw notReadable(
      `${what} holds the character U+${code}, which nobody sees, or which turns text around.`,
      'Leave it out, so that nobody takes this name for another one.',
    )
  }
  if (name.trim() === '') throw notReadable(`${what} is blank.`, 'Give a name that other stewards can read.')
}

function notReadable(happened: string, remedy: string): StewardError {
  return new StewardError({ code: 'NAME_NOT_READABLE', happened, kept: 'No node was made.', remedy })
}
