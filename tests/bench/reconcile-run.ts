// One `steward reconcile` in a process of its own, so that its memory is its own: `node reconcile-run.ts <words of the command …>`.
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { keepCompiled } from '#core/hosts/compiled/index.ts'

keepCompiled()
const { runCommandLine } = await import('#core/hosts/cli/program.ts')
const { systemTerminal } = await import('#core/hosts/cli/terminal.ts')
const from = performance.now()
const terminal = { ...systemTerminal(), out: () => undefined }
const exitCode = await runCommandLine(['reconcile', ...process.argv.slice(2)], terminal, 'bench')
const seconds = (performance.now() - from) / 1e3
process.stdout.write(JSON.stringify({ exitCode, seconds, peakMiB: peakMiB() }))

/** Where the system says it, the peak of this program alone: `maxRSS` also counts what was there before it was started. */
function peakMiB(): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))
    if (line?.[1] !== undefined) return Number(line[1]) / 1024
  } catch {
    // Not on this system.
  }
  return process.resourceUsage().maxRSS / 1024
}
