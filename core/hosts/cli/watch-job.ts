// Work that goes on in the core while a command waits for it.
import { setTimeout as pause } from 'node:timers/promises'
import type { CliContext } from './context.ts'

const ASK_EVERY_MS = 50

/** Asks until there is an answer. Where the system asks this process to stop, `cancel` is called, once, and the answer waited for. */
export async function watchJob<T>(
  { terminal }: CliContext,
  ask: () => Promise<T | null>,
  cancel: () => Promise<unknown>,
): Promise<T> {
  void terminal.stopped().then(cancel, () => undefined)
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    await pause(ASK_EVERY_MS)
  }
}
