// That the simulator would notice.
import { expect, test } from 'vitest'
import { brokenBuilds } from './broken-builds.ts'
import { prove } from './proving.ts'

test.each(brokenBuilds.map((build) => [build.name, build.what, build] as const))(
  'a core that is broken on purpose is caught: %s (%s)',
  { timeout: 400_000 },
  async (name, _what, { seed, plan, caughtBy }) => {
    const search = ['--from', seed, '--minutes', '4', '--hours', '2']
    const played = plan === undefined ? search : ['--plan', `tests/simulation/found/${plan}.json`]
    const proved = await prove('--broken', name, ...played, '--brief')
    expect(proved).toMatchObject({ code: 1 })
    expect(caughtBy).toContain(/BROKEN (\S+)/.exec(proved.text)?.[1]?.replace(':', ''))
  },
)
