// Node 20 is older than what Steward asks for, and lacks this one call that the pure parts make. It is put there for the comparison
// alone, so that a difference would be one of arithmetic, of Unicode or of a signature library.
const lacking: { groupBy?: unknown } = Map
lacking.groupBy ??= <K, V>(items: Iterable<V>, keyOf: (item: V) => K): Map<K, V[]> => {
  const groups = new Map<K, V[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
