// Patterns of policy: `*` stands for any characters but a slash, `**` for any characters, `?` for one character but a slash, and
// everything else for itself. Written out because the answer must be the same on every system: Node's own matchesGlob ignores
// case on Windows and macOS, also in its posix form. The time is bounded by the product of both lengths, so that a signed pattern
// cannot stall a node.

/** Whether a whole subject fits. `**` and a slash stand for any folder, and for none. */
export type SubjectPattern = (subject: string) => boolean

export function subjectPattern(pattern: string): SubjectPattern {
  const tokens = tokensOf(pattern)
  return (subject) => fits(tokens, subject)
}

/** The code point that a token stands for, or one of these. */
const ONE = -1
const WITHIN = -2
const ACROSS = -3
const SLASH = 0x2f

function tokensOf(pattern: string): Int32Array {
  const tokens: number[] = []
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? ''
    if (character === '*' && characters[index + 1] === '*') {
      tokens.push(ACROSS)
      index++
      // `**/x` is x in any folder, and in none.
      if (characters[index + 1] === '/' && (index < 2 || characters[index - 2] === '/')) index++
    } else if (character === '*') {
      tokens.push(WITHIN)
    } else {
      tokens.push(character === '?' ? ONE : (character.codePointAt(0) ?? 0))
    }
  }
  return Int32Array.from(tokens)
}

function fits(tokens: Int32Array, subject: string): boolean {
  const end = tokens.length
  // reached[i] = 1: the first i tokens can stand for the part of the subject that was read.
  let reached = new Uint8Array(end + 1)
  let next = new Uint8Array(end + 1)
  reached[0] = 1
  passEmpty(tokens, reached)
  for (const character of subject) {
    const code = character.codePointAt(0) ?? 0
    next.fill(0)
    for (let index = 0; index < end; index++) {
      const token = tokens[index] ?? 0
      if (reached[index] === 0) continue
      if (token === ACROSS || (token === WITHIN && code !== SLASH)) next[index] = 1
      else if (token === code || (token === ONE && code !== SLASH)) next[index + 1] = 1
    }
    passEmpty(tokens, next)
    ;[reached, next] = [next, reached]
  }
  return reached[end] === 1
}

/** A token that may stand for nothing can be passed without reading. */
function passEmpty(tokens: Int32Array, reached: Uint8Array): void {
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? 0
    if (reached[index] === 1 && (token === WITHIN || token === ACROSS)) reached[index + 1] = 1
  }
}
