// Signatures at the edges of Ed25519, where libraries differ: made here by arithmetic from fixed seeds, with what Steward must say
// about each. Together with the published cases they are frozen in tests/fixtures/vectors/ed25519-verdicts.json.
import { createHash } from 'node:crypto'
import { Point } from '@noble/ed25519'

export interface EdgeCase {
  readonly what: string
  /** Hex, as are the others. */
  readonly publicKey: string
  readonly message: string
  readonly signature: string
  readonly verdict: 'accepted' | 'bad-signature' | 'weak-key'
}

const FIELD = 2n ** 255n - 19n
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
/** A point of order 8: its multiples are all points of small order. */
const TORSION = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')

const seed = (name: string) => sha512(Buffer.from(`steward edge case ${name}`))
const SECRET = (littleEndian(seed('key')) >> 3n) % ORDER
const NONCE = littleEndian(seed('nonce')) % ORDER
const MESSAGE = Buffer.from('what ada saw')

const KEY = bytesOf(Point.BASE.multiply(SECRET))
const R = bytesOf(Point.BASE.multiply(NONCE))

export function edgeCases(smallOrderSpellings: readonly string[]): readonly EdgeCase[] {
  return [
    ...ordinary(),
    ...largeS(),
    ...torsionInR(),
    ...torsionInKey(),
    ...torsionInBoth(),
    ...smallR(smallOrderSpellings),
    ...smallKeys(smallOrderSpellings),
    ...otherSpellings(),
    ...noPoints(),
    ...otherSchemes(),
  ]
}

function ordinary(): EdgeCase[] {
  const S = answer(R, KEY, MESSAGE)
  const long = Buffer.alloc(2048, 'a')
  return [
    edge('an ordinary signature', KEY, MESSAGE, R, S, 'accepted'),
    edge('over no bytes at all', KEY, Buffer.alloc(0), R, answer(R, KEY, Buffer.alloc(0)), 'accepted'),
    edge('over 2 KiB', KEY, long, R, answer(R, KEY, long), 'accepted'),
    edge('over another message', KEY, Buffer.from('what ben saw'), R, S, 'bad-signature'),
    edge('under the mirrored key', mirrored(KEY), MESSAGE, R, S, 'bad-signature'),
    edge('with the mirrored R', KEY, MESSAGE, mirrored(R), S, 'bad-signature'),
    edge('with -S', KEY, MESSAGE, R, ORDER - S, 'bad-signature'),
  ]
}

/** The same equation holds for S + n·L; RFC 8032 takes only S below L, or one signature would have several forms. */
function largeS(): EdgeCase[] {
  const S = answer(R, KEY, MESSAGE)
  return [
    ...[1n, 2n, 3n, 7n, 8n, 14n].map((n) => edge(`S + ${n}L`, KEY, MESSAGE, R, S + n * ORDER, 'bad-signature')),
    edge('S = 0', KEY, MESSAGE, R, 0n, 'bad-signature'),
    edge('S = L', KEY, MESSAGE, R, ORDER, 'bad-signature'),
    edge('S = L - 1', KEY, MESSAGE, R, ORDER - 1n, 'bad-signature'),
    edge('S with its highest bit set', KEY, MESSAGE, R, S + 2n ** 255n, 'bad-signature'),
    edge('S of ones alone', KEY, MESSAGE, R, 2n ** 256n - 1n, 'bad-signature'),
    edge('zeros alone', KEY, MESSAGE, Buffer.alloc(32), 0n, 'bad-signature'),
    edge('ones alone', KEY, MESSAGE, Buffer.alloc(32, 0xff), 2n ** 256n - 1n, 'bad-signature'),
  ]
}

/** Holds only where both sides are multiplied by the cofactor 8, as RFC 8032 allows. */
function torsionInR(): EdgeCase[] {
  return torsionPoints().map(([n, point]) => {
    const mixed = bytesOf(Point.BASE.multiply(NONCE).add(point))
    return edge(`R + ${n}T`, KEY, MESSAGE, mixed, answer(mixed, KEY, MESSAGE), 'accepted')
  })
}

/** A key outside the prime-order group. Whether it holds without the cofactor hangs on the hash, so there are two messages for each. */
function torsionInKey(): EdgeCase[] {
  return torsionPoints().flatMap(([n, point]) => {
    const mixed = bytesOf(Point.BASE.multiply(SECRET).add(point))
    return [true, false].map((cofactorless) => {
      const message = messageWhere(
        (text) => point.multiply(challenge(R, mixed, text) % 8n || 8n).is0() === cofactorless,
      )
      const how = cofactorless ? 'with and without cofactor' : 'with cofactor only'
      return edge(`key + ${n}T, holds ${how}`, mixed, message, R, answer(R, mixed, message), 'accepted')
    })
  })
}

/** The torsion of R and of the key cancel, or do not. */
function torsionInBoth(): EdgeCase[] {
  return torsionPoints().flatMap(([n, point]) => {
    const mixedKey = bytesOf(Point.BASE.multiply(SECRET).add(point))
    const mixedR = bytesOf(Point.BASE.multiply(NONCE).add(point))
    return [7n, 3n].map((rest) => {
      // R + k·A has n·T·(1 + k): none where k is 7 modulo 8.
      const message = messageWhere((text) => challenge(mixedR, mixedKey, text) % 8n === rest)
      const how = rest === 7n ? 'which cancel' : 'which need not cancel'
      return edge(
        `R + ${n}T and key + ${n}T, ${how}`,
        mixedKey,
        message,
        mixedR,
        answer(mixedR, mixedKey, message),
        'accepted',
      )
    })
  })
}

/** R of small order: the nonce was 0. Only the one canonical spelling of each point is taken. */
function smallR(spellings: readonly string[]): EdgeCase[] {
  return spellings.map((spelling) => {
    const r = Buffer.from(spelling, 'hex')
    const S = (challenge(r, KEY, MESSAGE) * SECRET) % ORDER
    return edge(
      `R of small order, ${spelling}`,
      KEY,
      MESSAGE,
      r,
      S,
      isCanonical(spelling) ? 'accepted' : 'bad-signature',
    )
  })
}

/** Keys of small order sign nothing, in whatever spelling, also where the equation holds. */
function smallKeys(spellings: readonly string[]): EdgeCase[] {
  return spellings.flatMap((spelling) => {
    const key = Buffer.from(spelling, 'hex')
    const identity = bytesOf(Point.ZERO)
    const message = messageWhere((text) => challenge(R, key, text) % 8n === 0n)
    return [
      edge(`key of small order, R and S zero, ${spelling}`, key, MESSAGE, identity, 0n, 'weak-key'),
      edge(`key of small order, ordinary R, ${spelling}`, key, message, R, NONCE, 'weak-key'),
    ]
  })
}

/** Points whose y may be written as y + p too. Nobody knows a secret for them, so what is asked is that nothing throws or holds. */
function otherSpellings(): EdgeCase[] {
  const cases: EdgeCase[] = []
  for (let y = 2n; y < 19n; y++) {
    for (const sign of [0n, 1n]) {
      const canonical = encoded(y + sign * 2n ** 255n)
      if (!isPoint(canonical)) continue
      const other = encoded(y + FIELD + sign * 2n ** 255n)
      const S = answer(R, other, MESSAGE)
      cases.push(edge(`key with y = ${y} + p, sign ${sign}`, other, MESSAGE, R, S, 'bad-signature'))
      cases.push(
        edge(`R with y = ${y} + p, sign ${sign}`, KEY, MESSAGE, other, answer(other, KEY, MESSAGE), 'bad-signature'),
      )
    }
  }
  return cases
}

function noPoints(): EdgeCase[] {
  const none = [2n, 7n, 8n].map(encoded).find((bytes) => !isPoint(bytes)) ?? Buffer.alloc(32, 2)
  const S = answer(R, KEY, MESSAGE)
  return [
    edge('a key that is no point', none, MESSAGE, R, S, 'bad-signature'),
    edge('an R that is no point', KEY, MESSAGE, none, S, 'bad-signature'),
    edge('a key beyond all spellings', Buffer.alloc(32, 0xff), MESSAGE, R, S, 'bad-signature'),
    ...[0, 32, 63, 65, 128].map((length): EdgeCase => {
      const whole = Buffer.concat([R, encoded(S), Buffer.alloc(64)])
      return {
        what: `a signature of ${length} bytes`,
        publicKey: KEY.toString('hex'),
        message: MESSAGE.toString('hex'),
        signature: whole.subarray(0, length).toString('hex'),
        verdict: 'bad-signature',
      }
    }),
  ]
}

/** Signatures by the same key under Ed25519ctx and Ed25519ph are for something else. */
function otherSchemes(): EdgeCase[] {
  const context = Buffer.from('steward')
  const prefix = (flag: number) =>
    Buffer.concat([Buffer.from('SigEd25519 no Ed25519 collisions'), Buffer.from([flag, context.length]), context])
  const underCtx = mod(NONCE + littleEndian(sha512(prefix(0), R, KEY, MESSAGE)) * SECRET)
  const underPh = mod(NONCE + littleEndian(sha512(prefix(1), R, KEY, sha512(MESSAGE))) * SECRET)
  return [
    edge('signed as Ed25519ctx', KEY, MESSAGE, R, underCtx, 'bad-signature'),
    edge('signed as Ed25519ph', KEY, MESSAGE, R, underPh, 'bad-signature'),
  ]
}

function edge(
  what: string,
  publicKey: Buffer,
  message: Buffer,
  r: Buffer,
  s: bigint,
  verdict: EdgeCase['verdict'],
): EdgeCase {
  const signature = Buffer.concat([r, encoded(s)])
  const [key, text, sig] = [publicKey, message, signature].map((bytes) => bytes.toString('hex'))
  return { what, publicKey: key ?? '', message: text ?? '', signature: sig ?? '', verdict }
}

/** S of who knows the secret and the nonce, whatever torsion R and the key have beside. */
function answer(r: Buffer, key: Buffer, message: Buffer): bigint {
  return mod(NONCE + challenge(r, key, message) * SECRET)
}

/** k of RFC 8032, not reduced: its rest modulo 8 says what becomes of torsion. */
function challenge(r: Buffer, key: Buffer, message: Buffer): bigint {
  return mod(littleEndian(sha512(r, key, message)))
}

function messageWhere(fits: (message: Buffer) => boolean): Buffer {
  for (let n = 0; n < 10_000; n++) {
    const message = Buffer.from(`what ada saw, ${n}`)
    if (fits(message)) return message
  }
  throw new Error('one message in eight fits')
}

function torsionPoints(): [number, Point][] {
  return [1, 2, 3, 4, 5, 6, 7].map((n) => [n, TORSION.multiply(BigInt(n))])
}

function isCanonical(spelling: string): boolean {
  try {
    return Point.fromHex(spelling).toHex() === spelling
  } catch {
    return false
  }
}

function isPoint(bytes: Buffer): boolean {
  try {
    Point.fromBytes(bytes)
    return true
  } catch {
    return false
  }
}

function mirrored(point: Buffer): Buffer {
  const bytes = Buffer.from(point)
  bytes[31] = (bytes[31] ?? 0) ^ 0x80
  return bytes
}

function bytesOf(point: Point): Buffer {
  return Buffer.from(point.toBytes())
}

function encoded(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}

function littleEndian(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function mod(value: bigint): bigint {
  return ((value % ORDER) + ORDER) % ORDER
}
