// What the core's thread does so that the window stays smooth while much is read.
import { getPriority, setPriority } from 'node:os'

/** Steps behind the threads that draw; those that check signatures are as many behind this one. */
const STEPS = 5
const LAST = 19

/**
 * Lets the window's threads go first where all want a processor. Only Linux knows the priority of one thread: elsewhere the call
 * would mean the whole process, window and all.
 */
export function giveWayToTheWindow(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(0, Math.min(LAST, getPriority(0) + STEPS))
  } catch {
    // A system that forbids it works as well, a little less smoothly.
  }
}
