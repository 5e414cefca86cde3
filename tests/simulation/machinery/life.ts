// One run of a core on a simulated machine.
import { createRouterClient } from '@orpc/server'
import type { StewardNode } from '#core/node/index.ts'
import type { QueuedEvent } from './event-queue.ts'

export type StewardClient = ReturnType<typeof clientOf>

export function clientOf(node: StewardNode) {
  return createRouterClient(node.router)
}

/** One run of a core, from its start to its stop or its crash. */
export interface Life {
  readonly number: number
  readonly node: StewardNode
  readonly steward: StewardClient
  isOver: boolean
  /** Calls that are under way; at a crash they fail into a core that nobody hears any more. */
  readonly pending: Set<(error: Error) => void>
  readonly timers: Set<QueuedEvent>
  /** What goes on as soon as others had their turn. */
  readonly rests: Map<QueuedEvent, () => void>
}

/** What a core that runs is told of its own life: none before it has begun. */
export interface LifeTimes {
  readonly now: () => Life | null
  readonly isOver: () => boolean
}
