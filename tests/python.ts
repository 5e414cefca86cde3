// The second implementation that receipts and speed are compared with: Python and PyNaCl, where the machine has them.
import { spawnSync } from 'node:child_process'

/** Debian's own Python first: that is the one `apt-get install python3-nacl` serves. */
export function findPythonWithNacl(): string | null {
  const has = (python: string) => spawnSync(python, ['-c', 'import nacl'], { stdio: 'ignore' }).status === 0
  return ['/usr/bin/python3', 'python3', 'python'].find(has) ?? null
}

export const HOW_TO_GET_NACL = 'no Python with PyNaCl here (Debian: apt-get install python3-nacl)'
