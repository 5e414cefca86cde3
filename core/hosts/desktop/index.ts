// What the desktop shell may use of core: a node to start, and the page that both hosts serve.
export type { ChangeEvent, Settings } from '#core/contract/index.ts'
export type { Keychain } from '#core/node/index.ts'
export { StewardError } from '#core/problem/index.ts'
export { PAGE_TYPE, SECURITY_HEADERS, contentSecurityPolicy, readPageFiles, type PageFiles } from '../page/index.ts'
export {
  BACKLOG_LIMIT_BYTES,
  dataFolder,
  frameBytes,
  frameFrom,
  type ConnectionEvents,
  type CoreConnection,
  type Frame,
} from '../thread/index.ts'
export { startDesktopNode, type DesktopNode } from './desktop-node.ts'
