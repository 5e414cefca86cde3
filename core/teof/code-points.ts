/** Code points, not UTF-16 units: an emoji sorts behind U+FFFD. */
export function compareCodePoints(a: string, b: string): number {
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left === right) continue
    // Surrogates stand for code points above all of the basic plane.
    return rankOf(left) - rankOf(right)
  }
  return a.length - b.length
}

function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
