// Which elements of several arrays belong together: the same element where its value is the same, then by what stands in the
// same gap. An element that kept its neighbours is not "moved" because something was put in front of it: only those that are
// outside the longest run in common order are.

export interface Slot {
  /** Position in the first array that has it. */
  readonly label: number
  /** Position in each array; null where that array lacks it. */
  readonly places: readonly (number | null)[]
  /** The same value in another order. */
  readonly moved: boolean
}

/** `lists` holds the number of each element's value; null for a member without the array. */
export function alignItems(lists: readonly (readonly number[] | null)[]): Slot[] {
  const base = lists.findIndex((list) => list !== null)
  const first = lists[base]
  if (first === undefined || first === null) return []
  const matches = lists.map((list, member) => (list === null || member === base ? null : matchTo(first, list)))

  const slots: Slot[] = first.map((_, label) => ({
    label,
    places: lists.map((list, member) => {
      if (list === null) return null
      return member === base ? label : (matches[member]?.places[label] ?? null)
    }),
    moved: matches.some((match) => match?.moved.has(label) === true),
  }))
  return [...slots, ...extras(lists, matches)]
}

interface Match {
  /** For each element of the base, where it is in the other array. */
  readonly places: readonly (number | null)[]
  readonly moved: ReadonlySet<number>
  /** Elements of the other array that belong to none of the base. */
  readonly left: readonly number[]
}

function matchTo(base: readonly number[], other: readonly number[]): Match {
  const places: (number | null)[] = base.map(() => null)
  const free = new Map<number, number[]>()
  for (const [index, value] of other.entries()) {
    const indices = free.get(value)
    if (indices === undefined) free.set(value, [index])
    else indices.push(index)
  }
  // Pointers instead of shift(): an array of one repeated value stays linear.
  const used = new Map<number, number>()
  for (const [index, value] of base.entries()) {
    const next = used.get(value) ?? 0
    const place = free.get(value)?.[next]
    if (place === undefined) continue
    places[index] = place
    used.set(value, next + 1)
  }
  const inOrder = longestRun(places)
  const moved = new Set(places.flatMap((place, index) => (place !== null && !inOrder.has(index) ? [index] : [])))
  return { places, moved, left: pairByGap(base, other, places, inOrder) }
}

/** Pairs what matched nothing with what stands in the same gap of the other array: a changed element. Answers what is left over. */
function pairByGap(
  base: readonly number[],
  other: readonly number[],
  places: (number | null)[],
  inOrder: ReadonlySet<number>,
): number[] {
  const taken = new Set(places.filter((place) => place !== null))
  const left: number[] = []
  let at = 0
  for (let index = 0; index <= base.length; index++) {
    if (index < base.length && !inOrder.has(index)) {
      continue
    }
    const end = index === base.length ? other.length : (places[index] ?? other.length)
    const gap = unmatchedBefore(places, index, inOrder)
    // A pointer here too: shift() on a list of a hundred thousand moves all of it, each time.
    let partners = 0
    for (; at < end; at++) {
      if (taken.has(at)) continue
      const partner = gap[partners++]
      if (partner === undefined) left.push(at)
      else places[partner] = at
    }
    at = Math.max(at, end + 1)
  }
  return left
}

function unmatchedBefore(places: readonly (number | null)[], end: number, inOrder: ReadonlySet<number>): number[] {
  const gap: number[] = []
  for (let index = end - 1; index >= 0 && !inOrder.has(index); index--) if (places[index] === null) gap.push(index)
  return gap.reverse()
}

/** Indices of a longest subsequence whose places rise (patience sorting, n log n). */
function longestRun(places: readonly (number | null)[]): ReadonlySet<number> {
  const tails: number[] = []
  const before = new Map<number, number>()
  for (const [index, place] of places.entries()) {
    if (place === null) continue
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((places[tails[middle] ?? 0] ?? 0) < place) low = middle + 1
      else high = middle
    }
    const previous = tails[low - 1]
    if (previous !== undefined) before.set(index, previous)
    tails[low] = index
  }
  const run = new Set<number>()
  for (let index = tails.at(-1); index !== undefined; index = before.get(index)) run.add(index)
  return run
}

/** What the base lacks: the same value in several other arrays is one slot. */
function extras(lists: readonly (readonly number[] | null)[], matches: readonly (Match | null)[]): Slot[] {
  const byValue = new Map<string, { label: number; places: (number | null)[] }>()
  for (const [member, match] of matches.entries()) {
    const seen = new Map<number, number>()
    for (const place of match?.left ?? []) {
      const value = lists[member]?.[place] ?? 0
      const nth = seen.get(value) ?? 0
      seen.set(value, nth + 1)
      const key = `${value}/${nth}`
      const slot = byValue.get(key) ?? { label: place, places: lists.map(() => null) }
      slot.places[member] = place
      byValue.set(key, slot)
    }
  }
  return [...byValue.values()].map((slot) => ({ ...slot, moved: false }))
}
