// Words that several sentences of a reconciliation share.

/** “a”, “a and b”, “a, b and c”, “a, b, c and 4 others”. */
export function namesOf(labels: readonly string[]): string {
  if (labels.length < 2) return labels.join('')
  if (labels.length > MOST_NAMES)
    return `${labels.slice(0, MOST_NAMES).join(', ')} and ${labels.length - MOST_NAMES} others`
  return `${labels.slice(0, -1).join(', ')} and ${labels.slice(-1).join('')}`
}

const MOST_NAMES = 4

/** The name of a hash as a person reads it. */
export function shortHash(hash: string): string {
  return hash.replace('sha256:', '').slice(0, 12)
}

export function hoursText(ms: number): string {
  const hours = ms / 3_600_000
  if (hours < 48) return `${Math.round(hours * 10) / 10} hours`
  return `${Math.round(hours / 24)} days`
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** 12,345: as toLocaleString prints whole numbers, which takes as long to load as a thousand receipts to judge. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}

/** Parts per million with one decimal of a per cent, rounded down. */
export function percent(ppm: number): string {
  return `${Math.floor(ppm / 1_000) / 10} %`
}
