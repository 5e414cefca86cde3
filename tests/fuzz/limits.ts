// What no input may cost, of reliability.md 3.5.

export const CASE_LIMITS = {
  /** Processor time, so that a machine with other work does not count. */
  cpuMs: 1_000,
  heapMb: 64,
  /** Of bytes outside the heap, allocated in one case. */
  buffersBytes: 64 * 1024 * 1024,
  /** Of waiting instead of working; what others kept the process from working does not count. */
  waitMs: 1_000,
  /** For what ends neither of these, such as work without end: on the clock, so with room for a machine that has much else to do. */
  hangMs: 60_000,
} as const

/** Of the heap of a judging process: all but what a case may take is filled before the first case. */
export const HEAP_LIMIT_MB = 160
