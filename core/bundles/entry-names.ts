// Names of entries. Nothing is ever unpacked by its name, but a name that would do harm elsewhere says what kind of bundle this is.
import { BUNDLE_LIMITS } from './limits.ts'
import { refuseEntry, type ContainerReason, type EntryRefusal } from './refusals.ts'

/** Judges one relative name with forward slashes; a folder's may end in one. Null where nothing is wrong with it. */
export function judgeName(name: string): EntryRefusal | null {
  const fault = faultOf(name)
  return fault === null ? null : refuseEntry(name, ...fault)
}

type Fault = readonly [reason: ContainerReason, detail: string]

function faultOf(name: string): Fault | null {
  if (name === '' || name === '/') return ['bad-name', 'An entry has no name.']
  if (name.length > BUNDLE_LIMITS.nameCharacters)
    return [
      'name-too-long',
      `Its name has ${name.length} characters; at most ${BUNDLE_LIMITS.nameCharacters} are taken.`,
    ]
  if (CONTROL.test(name)) return ['control-character', 'Its name holds a control character, such as a line break.']
  if (!name.isWellFormed() || name.includes('\uFFFD')) return ['bad-name', 'Its name is no valid text.']
  if (name.startsWith('/'))
    return ['absolute-name', 'Its name begins at the root of the disk instead of in the bundle.']
  if (/^[A-Za-z]:/.test(name)) return ['drive-letter', 'Its name begins with the letter of a drive.']
  if (name.includes('\\'))
    return ['backslash', 'Its name holds a backslash, which is a folder on one system and a letter on another.']
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/')
  if (parts.length > BUNDLE_LIMITS.depth)
    return ['name-too-long', `It lies ${parts.length} folders deep; at most ${BUNDLE_LIMITS.depth} are taken.`]
  for (const part of parts) {
    const fault = faultOfPart(part)
    if (fault !== null) return fault
  }
  if (/\.zip$/i.test(name)) return ['nested-zip', 'A zip inside a zip is not opened.']
  return null
}

function faultOfPart(part: string): Fault | null {
  if (part === '..') return ['leaves-folder', 'Its name leads out of the bundle with “..”.']
  if (part === '' || part === '.') return ['bad-name', 'Its name has an empty part, or one that is only a dot.']
  if (part.endsWith('.') || part.endsWith(' '))
    return ['trailing-dot', `“${part}” ends with a dot or a blank, which some systems cut off.`]
  if (FORBIDDEN.test(part)) return ['bad-name', `“${part}” holds a character that is no part of a name everywhere.`]
  if (RESERVED.test(part)) return ['reserved-name', `“${part}” is the name of a device on some systems.`]
  return null
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u
const FORBIDDEN = /[<>:"|?*]/
const RESERVED = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i

/** Two names with the same key are one file on some systems: case and composed accents are not told apart everywhere. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase().normalize('NFC')
}
