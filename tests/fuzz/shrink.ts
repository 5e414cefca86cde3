// A smaller input that is broken alike: pieces are left out, from halves down to single bytes, while it stays broken.

const MOST_TRIES = 1_500
const MOST_MS = 3_000

export async function shrink(
  bytes: Uint8Array,
  isBroken: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  const until = Date.now() + MOST_MS
  let smallest = Buffer.from(bytes)
  let tries = 0
  for (let piece = smallest.length >> 1; piece >= 1; piece >>= 1) {
    for (let from = 0; from < smallest.length;) {
      if (++tries > MOST_TRIES || Date.now() > until) return smallest
      const without = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + piece)])
      if (await isBroken(without)) smallest = without
      else from += piece
    }
  }
  return smallest
}
