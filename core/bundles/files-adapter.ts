// Bundles on the disks of this machine.
import { openBundle } from './open-bundle-adapter.ts'
import type { BundleFiles } from './types.ts'
import { createWriter, exportFailed } from './writer-adapter.ts'

export function bundleFiles(): BundleFiles {
  return { open: openBundle, create: createWriter, exportFailed }
}
