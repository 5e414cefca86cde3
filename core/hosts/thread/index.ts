// A core in a thread of its own, and connections of opaque frames to it.
export { connectClient, type ConnectedClient, type CoreClient } from './core-client.ts'
export type { ConnectionEvents, CoreConnection } from './core-connection.ts'
export { keepCore, type CoreKeeper } from './core-keeper.ts'
export { startCoreThread, type CoreEnd, type CoreThread } from './core-thread.ts'
export { dataFolder, typedIn } from './data-folder.ts'
export { BACKLOG_LIMIT_BYTES, FRAME_LIMIT_BYTES, frameBytes, frameFrom, type Frame } from './frames.ts'
