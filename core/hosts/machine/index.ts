// The machine a core runs on: what it is given of it, and the lock that keeps a second core off its data folder.
export { lockHome } from './lock-adapter.ts'
export { systemDeps } from './system-adapter.ts'
