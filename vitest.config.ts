import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/{unit,property,kill,interop}/**/*.test.{ts,tsx}'],
    // Many tests wait for disks, children and threads: one worker for each processor, not one less.
    maxWorkers: '100%',
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
