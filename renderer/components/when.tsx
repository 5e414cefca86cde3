import { useSyncExternalStore } from 'react'
import { Hint } from './hint.tsx'
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

/** The clock, in steps of ten seconds: one timer for the whole page. */
export function useNowMs(): number {
  return useSyncExternalStore(onTick, () => tickMs)
}

const STEP_MS = 10_000
let tickMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function onTick(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    tickMs = Date.now()
    for (const tell of listeners) tell()
  }, STEP_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
