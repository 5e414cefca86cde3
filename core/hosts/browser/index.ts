// The browser host: the window's page in a browser of this machine, and the road for the command line.
export { startBrowserHost, type BrowserHost } from './browser-host.ts'
export { openPage } from './open-page.ts'
export { serveNode, type ServeOptions, type ServedNode } from './serve-node.ts'
