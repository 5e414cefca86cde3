// Patterns over paths, as the reference tool reads them (Python's fnmatch): `*` stands for any characters, a slash too, `?` for one,
// `[abc]` and `[!abc]` for one of these or none of these, and everything else for itself. Beyond it, `**/` also stands for no folder
// at all. The time is bounded by the product of both lengths, so that no pattern can stall a run.

/** Whether a whole path fits. */
export type PathPattern = (path: string) => boolean

/** Compiles a pattern; case counts on every system. */
export function pathPattern(pattern: string): PathPattern {
  const tokens = tokensOf(pattern)
  if (tokens.every((token) => typeof token === 'number')) return (path) => path === pattern
  return (path) => fits(tokens, path)
}

/** `skip` stands in front of `folders`, which may be left out. */
type Token = number | 'any' | 'one' | 'skip' | 'folders' | ClassToken

interface ClassToken {
  readonly negated: boolean
  readonly ranges: readonly (readonly [number, number])[]
}

function tokensOf(pattern: string): readonly Token[] {
  const characters = Array.from(pattern)
  const tokens: Token[] = []
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === '*') {
      const isFolders =
        characters[at + 1] === '*' && characters[at + 2] === '/' && (at === 0 || characters[at - 1] === '/')
      if (isFolders) tokens.push('skip', 'folders')
      else tokens.push('any')
      if (isFolders) at += 2
      else while (characters[at + 1] === '*') at++
    } else if (character === '?') tokens.push('one')
    else if (character === '[') {
      const end = classEnd(characters, at)
      tokens.push(end < 0 ? code(character) : classFrom(characters.slice(at + 1, end)))
      if (end >= 0) at = end
    } else tokens.push(code(character))
  }
  return tokens
}

/** Where a class ends; a bracket right behind its start belongs to it. -1 where it never ends: then `[` stands for itself. */
function classEnd(characters: readonly string[], from: number): number {
  const first = characters[from + 1] === '!' ? from + 2 : from + 1
  return characters.indexOf(']', first + 1)
}

function classFrom(inside: readonly string[]): ClassToken {
  const negated = inside[0] === '!'
  const listed = negated ? inside.slice(1) : inside
  const ranges: (readonly [number, number])[] = []
  for (let at = 0; at < listed.length; at++) {
    const from = code(listed[at] ?? '')
    const isRange = listed[at + 1] === '-' && at + 2 < listed.length
    ranges.push([from, isRange ? code(listed[at + 2] ?? '') : from])
    if (isRange) at += 2
  }
  return { negated, ranges }
}

function fits(tokens: readonly Token[], path: string): boolean {
  const end = tokens.length
  // reached[i] = 1: the first i tokens can stand for what was read of the path.
  let reached = new Uint8Array(end + 1)
  let next = new Uint8Array(end + 1)
  reached[0] = 1
  passEmpty(tokens, reached)
  for (const character of path) {
    next.fill(0)
    const found = code(character)
    for (let index = 0; index < end; index++) {
      const token = tokens[index]
      if (reached[index] === 0 || token === undefined) continue
      if (token === 'any' || token === 'folders') next[index] = 1
      if (token === 'folders' ? character === '/' : standsFor(token, found)) next[index + 1] = 1
    }
    passEmpty(tokens, next)
    ;[reached, next] = [next, reached]
  }
  return reached[end] === 1
}

function standsFor(token: Token, found: number): boolean {
  if (typeof token === 'number') return token === found
  if (typeof token === 'string') return token === 'one'
  return token.ranges.some(([from, to]) => from <= found && found <= to) !== token.negated
}

function passEmpty(tokens: readonly Token[], reached: Uint8Array): void {
  for (let index = 0; index < tokens.length; index++) {
    if (reached[index] === 0) continue
    if (tokens[index] === 'any') reached[index + 1] = 1
    else if (tokens[index] === 'skip') reached.fill(1, index + 1, index + 3)
  }
}

function code(character: string): number {
  return character.codePointAt(0) ?? 0
}
