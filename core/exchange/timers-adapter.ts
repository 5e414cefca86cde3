// Timers come into core as an argument; these are the machine's own, for hosts.

export interface Timers {
  setTimeout(run: () => void, delayMs: number): TimerHandle
  clearTimeout(handle: TimerHandle): void
  setInterval(run: () => void, everyMs: number): TimerHandle
  clearInterval(handle: TimerHandle): void
}

/** Opaque to core; only the Timers that made it can clear it. */
export type TimerHandle = NodeJS.Timeout | number

export function systemTimers(): Timers {
  return {
    setTimeout: (run, delayMs) => setTimeout(run, delayMs),
    clearTimeout: (handle) => clearTimeout(handle),
    setInterval: (run, everyMs) => setInterval(run, everyMs),
    clearInterval: (handle) => clearInterval(handle),
  }
}
