// Cores that are broken on purpose, to see that the simulator notices: each is one change to the text of a module while it is loaded.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

export interface BrokenBuild {
  readonly name: string
  /** What goes wrong with it, as a steward would put it. */
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** Which invariants may be the ones that notice. */
  readonly caughtBy: readonly string[]
}

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: 'append-skips-fork',
    what: 'A second story of a feed is thrown away instead of kept.',
    file: 'core/ledger/append.ts',
    from: "if (admission.outcome !== 'appended' && admission.outcome !== 'forked') return admission",
    to: "if (admission.outcome !== 'appended') return admission",
    caughtBy: ['I6', 'I20', 'I1'],
  },
]

/** Must be called before anything of core is loaded. */
export function breakCore(name: string): void {
  const build = brokenBuilds.find((each) => each.name === name)
  if (build === undefined)
    throw new Error(`There is no broken build called ${name}: ${brokenBuilds.map((b) => b.name).join(', ')}`)
  let isBroken = false
  registerHooks({
    load(url, context, next) {
      if (!url.endsWith(`/${build.file}`)) return next(url, context)
      const text = readFileSync(fileURLToPath(url), 'utf8')
      const broken = text.replace(build.from, () => build.to)
      if (broken === text) throw new Error(`${build.file} does not hold what ${name} would break.`)
      isBroken = true
      return { format: 'module-typescript', shortCircuit: true, source: broken }
    },
  })
  process.once('exit', () => {
    if (!isBroken) {
      console.error(`${build.file} was never loaded.`)
      process.exitCode = 2
    }
  })
}
