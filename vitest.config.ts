import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Minutes long: they begin first, so that no processor is idle at the end. */
const LONG = ['/tests/simulation/', '/tests/kill/']

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((part) => moduleId.includes(part))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    include: ['tests/{unit,property,kill,interop,simulation}/**/*.test.{ts,tsx}'],
    // Many tests wait for disks, children and threads: one worker for each processor, not one less.
    maxWorkers: '100%',
    sequence: { sequencer: LongFirst },
    // A test that hangs ends; one that a slow machine holds up does not.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Read by build/coverage.ts, which says what is asked. Workers and child processes are not counted. Not V8's own coverage: it slows
    // libraries down as well, and the key derivation of a passphrase to a ninth of its speed.
    coverage: {
      provider: 'istanbul',
      include: ['core/**/*.ts'],
      reporter: ['json'],
      reportsDirectory: '.cache/reports/coverage',
      reportOnFailure: true,
    },
  },
})
