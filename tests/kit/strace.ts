import { execFileSync } from 'node:child_process'

/** Whether what a process asks of the system can be watched here. */
export function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
