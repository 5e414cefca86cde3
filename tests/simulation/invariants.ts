// Everything that must hold. A feature that promises something adds its file here.
import { headAfterSegments } from './invariants/head-after-segments.ts'
import { forksShow } from './invariants/i6-forks-show.ts'
import { nothingLost } from './invariants/i3-nothing-lost.ts'
import { ownFeed } from './invariants/i7-own-feed.ts'
import { onePlace } from './invariants/i3-one-place.ts'
import { orderFree } from './invariants/i1-order-free.ts'
import { queriesTellTheTruth } from './invariants/i17-queries.ts'
import { replayIsNothing } from './invariants/i9-replay-is-nothing.ts'
import { signedAndInOrder } from './invariants/i4-i7-i8-feeds.ts'
import { wholeLedgers } from './invariants/i16-whole-ledgers.ts'
import { ownWord } from './invariants/own-word.ts'
import { bounded } from './invariants/i19-bounded.ts'
import type { Invariant } from './machinery/invariant.ts'

/** I18 is kept by the folder that a machine hands to its core, I20 by the run itself. */
export const invariants: readonly Invariant[] = [
  signedAndInOrder,
  headAfterSegments,
  ownFeed,
  nothingLost,
  bounded,
  // First, since it may have to wait for what lies in the folder.
  forksShow,
  orderFree,
  ownWord,
  queriesTellTheTruth,
  wholeLedgers,
  replayIsNothing,
  // After it, since everybody has then looked at everything.
  onePlace,
]
