// `npm run dev`: the page from its sources with hot reload, against a real node behind the browser host.
import { join } from 'node:path'
import { createServer, type ProxyOptions } from 'vite'
import packageJson from '../../../package.json' with { type: 'json' }
import { openPage, serveNode } from '../browser/index.ts'
import { dataFolder } from '../thread/index.ts'
import { ROOT, builtPage } from './built-app-adapter.ts'

const { env, platform } = process
const say = (line: string) => console.error(line)

const node = await serveNode({
  home: dataFolder({ env, platform, cwd: env['INIT_CWD'] ?? process.cwd() }),
  version: packageJson.version,
  pageFolder: await builtPage(say),
  passphrase: null,
  log: say,
})
const vite = await createServer({
  configFile: join(ROOT, 'vite.config.ts'),
  server: { host: '127.0.0.1', proxy: { '/session': toNode(), '/rpc': { ...toNode(), ws: true } } },
})
await vite.listen()
const [served = ''] = vite.resolvedUrls?.local ?? []
const address = `${served}${new URL(node.pageAddress()).hash}`
console.log(address)
await openPage(address, platform, env)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void node.stop())
await node.over
await vite.close()

/** The host answers its own origin only. The page that this server serves may pass as it; any other page may not. */
function toNode(): ProxyOptions {
  return {
    target: node.origin,
    changeOrigin: true,
    configure(proxy) {
      const pass = (request: { setHeader(name: string, value: string): void }, origin: string | undefined) => {
        if (origin !== undefined && served.startsWith(`${origin}/`)) request.setHeader('origin', node.origin)
      }
      proxy.on('proxyReq', (request, incoming) => pass(request, incoming.headers.origin))
      proxy.on('proxyReqWs', (request, incoming) => pass(request, incoming.headers.origin))
    },
  }
}
