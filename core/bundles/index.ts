// Front door of core/bundles: receipts in and out as a zip, a folder or single files.
export { createBundleDesk } from './bundle-desk.ts'
export type { BundleDesk } from './bundle-desk.ts'
export { bundleFiles } from './files-adapter.ts'
export type { Staging } from './job-types.ts'
export type { BundleFiles } from './types.ts'
