// The keyboard of the conflicts page as one pure function: what was pressed and where, in; what the steward means, out.
// The screen carries the meaning out; the help overlay lists the same table.

export type ReviewIntent =
  | { readonly does: 'claim'; readonly position: number }
  | { readonly does: 'several' | 'none' | 'replacement' | 'later' | 'sign' | 'undo' }
  | { readonly does: 'raw' | 'equal' | 'history' | 'reason' }
  | { readonly does: 'next' | 'previous' | 'first' | 'last' }
  | { readonly does: 'select' | 'together' | 'search' | 'help' | 'leave' }
  | { readonly does: 'extend'; readonly step: 1 | -1 }

/** Where the focus is, since the same key means different things: letters typed into a reason are no commands. */
export type KeyPlace =
  /** The list, or nothing in particular. */
  | 'page'
  /** The review itself, which arrows scroll. */
  | 'review'
  /** A button, link or chip: Enter and Space are its own. */
  | 'control'
  /** A verdict that is already chosen: Enter goes on to sign it. */
  | 'chosen-verdict'
  /** The reason or plan step: Enter signs. */
  | 'reason'
  /** A search field: Enter goes back to the list. */
  | 'search'
  /** The JSON of a replacement: Enter is a new line. */
  | 'editor'

export interface PressedKey {
  readonly key: string
  readonly shift: boolean
  /** Ctrl, or Cmd on a Mac. */
  readonly mod: boolean
  readonly alt: boolean
}

const LETTERS: Readonly<Record<string, ReviewIntent>> = {
  b: { does: 'several' },
  n: { does: 'none' },
  m: { does: 'replacement' },
  d: { does: 'later' },
  u: { does: 'undo' },
  r: { does: 'raw' },
  e: { does: 'equal' },
  h: { does: 'history' },
  w: { does: 'reason' },
  j: { does: 'next' },
  k: { does: 'previous' },
  x: { does: 'select' },
  t: { does: 'together' },
  '/': { does: 'search' },
  '?': { does: 'help' },
  ArrowDown: { does: 'next' },
  ArrowUp: { does: 'previous' },
  Home: { does: 'first' },
  End: { does: 'last' },
}

/** Null where the key is not ours: then nothing is prevented and the page behaves as any other. */
export function intentOf(pressed: PressedKey, place: KeyPlace): ReviewIntent | null {
  const { key, shift, mod, alt } = pressed
  if (alt) return null
  if (mod) return key === 'Enter' && place !== 'search' ? { does: 'sign' } : null
  if (key === 'Escape') return { does: 'leave' }
  if (key === 'Enter') return enterAt(place)
  if (place === 'reason' || place === 'search' || place === 'editor') return null
  if (/^[1-9]$/.test(key)) return { does: 'claim', position: Number(key) - 1 }
  if (shift && (key === 'J' || key === 'ArrowDown')) return { does: 'extend', step: 1 }
  if (shift && (key === 'K' || key === 'ArrowUp')) return { does: 'extend', step: -1 }
  if (place === 'review' && key.length > 1) return null
  return LETTERS[key.length === 1 ? key.toLowerCase() : key] ?? null
}

function enterAt(place: KeyPlace): ReviewIntent | null {
  switch (place) {
    case 'page':
    case 'review':
    case 'chosen-verdict':
    case 'reason':
      return { does: 'sign' }
    case 'search':
      return { does: 'leave' }
    case 'control':
    case 'editor':
      return null
  }
}

/** For the help overlay, in the order a steward learns them. */
export const REVIEW_KEYS: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['1', '…', '9'], does: 'Pick that claim' },
  { keys: ['B'], does: 'Several claims are valid' },
  { keys: ['N'], does: 'None of them; a reason is required' },
  { keys: ['M'], does: 'Write a replacement; a reason is required' },
  { keys: ['W'], does: 'Write the reason' },
  { keys: ['Enter'], does: 'Sign the decision and go to the next conflict' },
  { keys: ['U'], does: 'Undo, while the countdown runs' },
  { keys: ['D'], does: 'Later: leave it open and go on' },
  { keys: ['J', 'K'], does: 'Next and previous conflict' },
  { keys: ['X'], does: 'Select this conflict' },
  { keys: ['Shift', 'J / K'], does: 'Select a range' },
  { keys: ['T'], does: 'Decide the selected ones together' },
  { keys: ['R'], does: 'Raw view of the claims' },
  { keys: ['E'], does: 'Show or fold equal fields' },
  { keys: ['H'], does: 'History of this subject' },
  { keys: ['/'], does: 'Search in subjects' },
  { keys: ['Esc'], does: 'Leave a field, close what is open' },
]
