// The browser host that runs on a data folder, as others find it: running.json, and what one may ask with its token.
export { readRunningFile, removeRunningFile, writeRunningFile, type RunningFile } from './running-file-adapter.ts'
export { requestStartToken } from './start-token-client.ts'
