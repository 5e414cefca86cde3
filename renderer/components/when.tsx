import { useSyncExternalStore } from 'react'
import { Hint } from './hint.tsx'
import { createPageClock } from './page-clock.ts'
import { exactUtc, relativeTime, shortAge } from './relative-time.ts'

/** A time, relative, with the exact UTC value on hover. `short` leaves out "ago" where a column says it. */
export function When({ at, short = false }: { readonly at: string; readonly short?: boolean }) {
  const nowMs = useNowMs()
  return (
    <Hint label={exactUtc(at)}>
      <time className="when" dateTime={at}>
        {short ? shortAge(at, nowMs) : relativeTime(at, nowMs)}
      </time>
    </Hint>
  )
}

/** The time, in steps of ten seconds. */
export function useNowMs(): number {
  return useSyncExternalStore(clock.onStep, clock.nowMs)
}

const clock = createPageClock(() => Date.now())
