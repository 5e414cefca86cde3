// `npm run dev`: the page from its sources with hot reload, against a real node behind the browser host.
import { join } from 'node:path'
import { createServer, type ProxyOptions, type ViteDevServer } from 'vite'
import { invariant } from '#core/problem/index.ts'
import { serveNode } from '../browser/index.ts'
import { dataFolder } from '../thread/index.ts'
import { ROOT } from './built-app-adapter.ts'
import { originForNode } from './dev-origin.ts'
import { systemLauncher } from './launcher-adapter.ts'

const launcher = systemLauncher()
const node = await serveNode({
  home: dataFolder(launcher),
  version: launcher.version,
  pageFolder: await launcher.builtPage(),
  passphrase: null,
  log: (line) => launcher.say(line),
})
const vite = await createServer({
  configFile: join(ROOT, 'vite.config.ts'),
  server: { host: '127.0.0.1', proxy: { '/session': toNode(), '/rpc': { ...toNode(), ws: true } } },
})
await vite.listen()
const page = addressOf(vite)
const address = `${page}${new URL(node.pageAddress()).hash}`
launcher.out(address)
await launcher.openPage(address)
launcher.whenStopped(() => void node.stop())
await node.over
await vite.close()

function toNode(): ProxyOptions {
  return {
    target: node.origin,
    changeOrigin: true,
    configure(proxy) {
      const pass = (request: { setHeader(name: string, value: string): void }, origin: string | undefined) => {
        const passed = originForNode(origin, page, node.origin)
        if (passed !== undefined) request.setHeader('origin', passed)
      }
      proxy.on('proxyReq', (request, incoming) => pass(request, incoming.headers.origin))
      proxy.on('proxyReqWs', (request, incoming) => pass(request, incoming.headers.origin))
    },
  }
}

/** Ends in a slash. */
function addressOf({ resolvedUrls }: ViteDevServer): string {
  const served = resolvedUrls?.local[0]
  invariant(served !== undefined, 'a server that listens on 127.0.0.1 has an address')
  return served
}
