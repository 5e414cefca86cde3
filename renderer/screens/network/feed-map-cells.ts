// What one cell of the map says.
import { grouped } from '#ui/components/grouped.ts'

/** Nodes drawn at once; a thousand times a thousand cells would say nothing to anybody. */
export const MAP_LIMIT = 60

export interface MapCell {
  readonly state: 'own' | 'all' | 'part' | 'none' | 'unknown'
  /** The number, where there is room. */
  readonly text: string
  /** One to four characters: how many are missing. */
  readonly sign: string
  /** For the title and for assistive technology. */
  readonly words: string
}

export function cellOf(upTo: number | null, headSeq: number, own: boolean): MapCell {
  if (own) return { state: 'own', text: grouped(headSeq), sign: '·', words: `its own feed, up to ${grouped(headSeq)}` }
  if (upTo === null) return { state: 'unknown', text: '?', sign: '?', words: 'never said' }
  const missing = headSeq - upTo
  if (missing <= 0) return { state: 'all', text: '✓', sign: '✓', words: `all ${grouped(headSeq)}` }
  if (upTo === 0) return { state: 'none', text: '–', sign: '–', words: `none of ${grouped(headSeq)}` }
  return {
    state: 'part',
    text: grouped(upTo),
    sign: `−${short(missing)}`,
    words: `${grouped(upTo)} of ${grouped(headSeq)}`,
  }
}

function short(count: number): string {
  if (count < 1_000) return String(count)
  return count < 1_000_000 ? `${Math.floor(count / 1_000)}k` : `${Math.floor(count / 1_000_000)}m`
}
