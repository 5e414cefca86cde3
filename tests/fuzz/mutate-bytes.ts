// What happens to bytes on their way, and what somebody does to them who means harm but knows nothing of their structure.
import { HOSTILE_TOKENS } from '../kit/hostile-tokens.ts'
import type { Random } from './random.ts'

/** One to four changes. */
export function mutateBytes(random: Random, sample: Uint8Array): Buffer {
  let bytes: Buffer = Buffer.from(sample)
  for (let change = random.below(4); change >= 0; change--) bytes = changeOnce(random, bytes)
  return bytes
}

function changeOnce(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1)
  const to = Math.min(bytes.length, at + random.below(random.oneIn(4) ? bytes.length : 40))
  switch (random.below(9)) {
    case 0:
      return flipped(random, bytes, Math.min(at, bytes.length - 1))
    case 1:
      return bytes.subarray(0, at)
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(bytes.length - at)])
    case 3:
      return spliced(bytes, at, at, random.pick(HOSTILE_TOKENS))
    case 4:
      return spliced(bytes, at, to, random.bytes(random.below(20)))
    case 5:
      return spliced(bytes, at, to, Buffer.alloc(0))
    case 6:
      return spliced(bytes, at, at, bytes.subarray(at, to))
    case 7:
      return spliced(bytes, at, to, Buffer.from(bytes.subarray(at, to)).reverse())
    default:
      return spliced(bytes, at, at + 1, Buffer.of(random.pick([0, 0x0a, 0x22, 0x5c, 0x7f, 0x80, 0xff])))
  }
}

function flipped(random: Random, bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  if (at >= 0) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}

function spliced(bytes: Buffer, from: number, to: number, put: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)])
}

/** A piece of the sample said again and again, up to about so many bytes: what costs little to send and may cost much to read. */
export function blownUp(random: Random, sample: Uint8Array, bytes: number): Buffer {
  const whole = Buffer.from(sample)
  const from = random.below(whole.length)
  const piece = random.oneIn(2)
    ? random.pick(FILLINGS)
    : whole.subarray(from, from + 1 + random.below(Math.min(400, whole.length)))
  const room = Math.max(0, bytes - whole.length)
  return spliced(whole, from, from, Buffer.alloc(room - (room % Math.max(1, piece.length)), piece))
}

const FILLINGS: readonly Buffer[] = [
  '[',
  '[],',
  '{},',
  '{"a":',
  '0,',
  '""',
  '\n',
  'x\n',
  '\\',
  '\\u0000',
  ' ',
  '9',
  'ü',
  '"a":1,',
  '- ',
].map((text) => Buffer.from(text))

/** Lines in another order, twice, missing, or with their ends swapped: where the structure of a file is its lines. */
export function mutateLines(random: Random, sample: Uint8Array, other: Uint8Array = sample): Buffer {
  const lines = Buffer.from(sample).toString('latin1').split('\n')
  const others = Buffer.from(other).toString('latin1').split('\n')
  for (let change = random.below(3); change >= 0; change--) {
    const [a, b] = [random.below(lines.length), random.below(lines.length)]
    const [one = '', two = ''] = [lines[a], lines[b]]
    switch (random.below(6)) {
      case 0:
        lines[a] = two
        lines[b] = one
        break
      case 1:
        lines.splice(a, 0, one)
        break
      case 2:
        lines.splice(a, 1)
        break
      case 3:
        lines.splice(a, 0, random.pick(others))
        break
      case 4: {
        // Heads of one line with the tail of another: a signature that belongs elsewhere.
        const [cutA, cutB] = [one.lastIndexOf(' '), two.lastIndexOf(' ')]
        lines[a] = one.slice(0, cutA + 1) + two.slice(cutB + 1)
        break
      }
      default:
        lines[a] = `${one}${random.pick(['\r', ' ', '\t', '\0', '#'])}`
    }
  }
  return Buffer.from(lines.join('\n'), 'latin1')
}
