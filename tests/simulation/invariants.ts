// Everything that must hold. A feature that promises something adds its file here.
import {
  bounded,
  forksShow,
  orderFree,
  queriesTellTheTruth,
  replayIsNothing,
  wholeLedgers,
} from './invariants/at-rest.ts'
import { signedAndInOrder } from './invariants/feeds.ts'
import { nothingLost } from './invariants/i3-nothing-lost.ts'
import type { Invariant } from './machinery/invariant.ts'

export const invariants: readonly Invariant[] = [
  signedAndInOrder,
  nothingLost,
  bounded,
  orderFree,
  forksShow,
  queriesTellTheTruth,
  wholeLedgers,
  replayIsNothing,
]
