import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/{unit,property,kill,interop}/**/*.test.{ts,tsx}'],
    // Many tests wait for disks, children and threads: one worker for each processor, not one less.
    maxWorkers: '100%',
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Read by build/coverage.ts, which says what is asked. Workers and child processes are not counted.
    coverage: {
      provider: 'v8',
      include: ['core/**/*.ts'],
      reporter: ['json'],
      reportsDirectory: '.cache/reports/coverage',
      reportOnFailure: true,
    },
  },
})
