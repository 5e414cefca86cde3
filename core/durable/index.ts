// Front door of core/durable: what the system is asked for so that names outlast a power failure.
export { holdFolder, syncFolder, syncFolderNow, syncPathTo } from './sync-folder-adapter.ts'
export type { HeldFolder } from './sync-folder-adapter.ts'
