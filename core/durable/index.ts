// Front door of core/durable: what the system is asked for so that names outlast a power failure.
export { syncFolder, syncFolderNow, syncPathTo } from './sync-folder-adapter.ts'
