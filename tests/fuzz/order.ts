// What judging.ts and judge.ts say to each other.

export interface FuzzOrder {
  readonly target: string
  readonly seed: number
  /** Cases `first` to `last` - 1, or until the time is up. */
  readonly first: number
  readonly last: number
  readonly untilMs: number
  /** The cases themselves, where they are not to be made from the seed. */
  readonly inputs: readonly Uint8Array[] | null
  /** Holds one number: the case that is being judged, or that of warming up as -1, -2, … */
  readonly placeFile: string
}

export type FuzzWord =
  | {
      readonly type: 'finding'
      readonly nth: number
      readonly how: 'wrong' | 'slow' | 'large' | 'hangs' | 'ends its process'
      readonly what: string
      /** The same for cases that are broken alike. */
      readonly kind: string
      readonly bytes: Uint8Array
    }
  | { readonly type: 'done'; readonly next: number }

export type Finding = Extract<FuzzWord, { type: 'finding' }>

/** Cases that every process begins with are made from this seed, so that nothing is measured cold. */
export const WARM_UP_SEED = 1
