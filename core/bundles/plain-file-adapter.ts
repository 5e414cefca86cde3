// How files that others made are opened, and what the system says where that fails.
import { constants } from 'node:fs'
import { codeOf } from '#core/problem/index.ts'

/** Never waits, so that a FIFO holds nothing up. Windows has no such flags; what is undefined counts as 0 here. */
export const READ = constants.O_RDONLY | constants.O_NONBLOCK
/** As `READ`, of a path that nobody named: a link is not followed. */
export const READ_NO_LINK = READ | constants.O_NOFOLLOW

/** The system's code, such as ENOENT; null for what is no error of the system. */
export function systemCodeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error ? codeOf(error) : null
}
