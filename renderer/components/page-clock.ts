// The page's clock goes in steps of ten seconds, by one timer, and only while somebody looks at it.
const STEP_MS = 10_000

export interface PageClock {
  readonly nowMs: () => number
  readonly onStep: (listener: () => void) => () => void
}

export function createPageClock(timeMs: () => number): PageClock {
  let shownMs = timeMs()
  let timer: ReturnType<typeof setInterval> | undefined
  const listeners = new Set<() => void>()
  const step = () => {
    shownMs = timeMs()
    for (const tell of listeners) tell()
  }
  return {
    nowMs: () => {
      // It stood still while nobody looked; whoever looks first is told the time as it is.
      if (timer === undefined && Math.abs(timeMs() - shownMs) >= STEP_MS) shownMs = timeMs()
      return shownMs
    },
    onStep: (listener) => {
      listeners.add(listener)
      if (timer === undefined) {
        timer = setInterval(step, STEP_MS)
        step()
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}
