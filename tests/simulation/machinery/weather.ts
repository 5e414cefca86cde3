// How well files travel between the machines now. Each fault of the transport is a change of weather for a while.

export interface Weather {
  /** Chance that a change is not carried before the next look at the whole folder. */
  loss: number
  /** Chance that a file is carried once more, later. */
  duplicates: number
  /** Longest that a file is under way. */
  delayMs: number
  /** Chance that a file shows half of its bytes before it is whole. */
  halves: number
  /** Chance that a file has its size and time at once, and its bytes later. */
  hollows: number
  /** Chance that a file shows by name only, before it is brought. */
  placeholders: number
  /** Chance that a copy beside a file is made of what it was before. */
  copies: number
  /** Which machines do not reach which: `from>to`, by index. */
  readonly cuts: Map<string, number>
}

export const CALM_DELAY_MS = 2_000

export function calmWeather(): Weather {
  return {
    loss: 0,
    duplicates: 0,
    delayMs: CALM_DELAY_MS,
    halves: 0,
    hollows: 0,
    placeholders: 0,
    copies: 0,
    cuts: new Map(),
  }
}
