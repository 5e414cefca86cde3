// What a core on a simulated machine waits for.
import type { TimerHandle, Timers } from '#core/exchange/index.ts'
import type { QueuedEvent } from './event-queue.ts'
import type { LifeTimes } from './life.ts'
import type { Surroundings } from './surroundings.ts'

/** The clock's timers as the world's queue has them. */
export function simulatedTimers(
  world: Surroundings,
  { now: lifeNow, isOver }: LifeTimes,
  /** One is about to run. */
  rings: () => void,
): Timers {
  // A life that is over only ends what it has begun: what rests between two steps goes on at once, whatever is later never comes.
  const once = (run: () => void, delayMs: number): TimerHandle => {
    const life = lifeNow()
    if (isOver() || life === null) {
      if (delayMs === 0) queueMicrotask(run)
      return 0
    }
    const event = world.after(delayMs, () => {
      life.timers.delete(event)
      life.rests.delete(event)
      rings()
      // What rests goes on in a life that has just ended too, so that it lets go of what it holds.
      if (!life.isOver || delayMs === 0) run()
    })
    life.timers.add(event)
    if (delayMs === 0) life.rests.set(event, run)
    return handleOf(event)
  }
  const clear = (handle: TimerHandle) => {
    const event = eventOf(handle)
    if (event === null) return
    world.cancel(event)
    lifeNow()?.timers.delete(event)
    lifeNow()?.rests.delete(event)
  }
  return {
    setTimeout: once,
    clearTimeout: clear,
    setInterval: (run, everyMs) => {
      const again = { handle: handleOf(world.after(everyMs, () => tick())) }
      const tick = () => {
        if (isOver() || lifeNow() === null || intervals.get(again) === 'cleared') return
        again.handle = handleOf(world.after(everyMs, () => tick()))
        rings()
        if (!isOver()) run()
      }
      return handleOf(again)
    },
    clearInterval: (handle) => {
      const again = eventOf(handle)
      if (again !== null) intervals.set(again, 'cleared')
    },
  }
}

// Timers hands out handles that are opaque to core, so that the simulator's own may hide behind them.
function handleOf(event: object): TimerHandle {
  return event as unknown as TimerHandle
}

function eventOf(handle: TimerHandle): QueuedEvent | null {
  return typeof handle === 'object' ? (handle as unknown as QueuedEvent) : null
}

const intervals = new WeakMap<object, 'cleared'>()
