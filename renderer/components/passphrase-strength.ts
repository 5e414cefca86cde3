// A rough guess at a passphrase's strength, to steer by; the key file's scrypt makes each guess of an attacker slow.

export interface Strength {
  /** 0 nothing yet or too short, 4 strong. */
  readonly level: 0 | 1 | 2 | 3 | 4
  readonly says: string
}

export function strengthOf(passphrase: string): Strength {
  if (passphrase.length === 0)
    return { level: 0, says: 'Nobody can reset it: without it only the recovery phrase helps.' }
  if (passphrase.length < 8) return { level: 0, says: 'Too short yet.' }
  const bits = bitsOf(passphrase)
  if (bits < 34) return { level: 1, says: 'Weak: a computer guesses it in days.' }
  if (bits < 46) return { level: 2, says: 'Fair: good against a curious neighbour.' }
  if (bits < 60) return { level: 3, says: 'Good: years of guessing.' }
  return { level: 4, says: 'Strong: out of reach of guessing.' }
}

/** Words count as picked from a list of some thousand, other characters by their kinds; repeated ones add little. */
function bitsOf(passphrase: string): number {
  const words = passphrase.split(/[\s\-_.]+/).filter((word) => /^\p{L}{3,}$/u.test(word))
  const different = new Set(words.map((word) => word.toLowerCase())).size
  const byWords = different >= 3 ? different * 12 : 0
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(passphrase)).length
  const byCharacters = Math.min(passphrase.length, new Set(passphrase).size * 1.5) * (1.6 + kinds * 0.65)
  return Math.max(byWords, byCharacters)
}
