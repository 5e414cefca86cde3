// The app is built when it has to be. Real processes and folders; the tools that build are the test's own.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildApp, builtPage } from '../../../core/hosts/launcher/built-app-adapter.ts'
import { originForNode } from '../../../core/hosts/launcher/dev-origin.ts'

let root = ''
let said: string[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steward-build-'))
  said = []
  mkdirSync(join(root, 'out'))
  mkdirSync(join(root, 'core', 'ledger'), { recursive: true })
  writeFileSync(join(root, 'core', 'ledger', 'index.ts'), '')
  tool(
    'vite',
    `const out = process.argv[process.argv.indexOf('--outDir') + 1]; mkdirSync(out); writeFileSync(out + '/index.html', 'fresh')`,
  )
  tool('electron-vite', `mkdirSync('out/main', { recursive: true }); writeFileSync('out/main/index.js', 'fresh')`)
})
afterEach(() => rmSync(root, { recursive: true }))

function tool(name: string, script: string): void {
  const folder = join(root, 'node_modules', name, 'bin')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, `${name}.js`),
    `const { existsSync, mkdirSync, writeFileSync } = require('node:fs'); ${script}`,
  )
}

const say = (line: string) => void said.push(line)
const read = (...path: string[]) => readFileSync(join(root, 'out', ...path), 'utf8')

test('a page that is missing is built once, and nothing of the making is left', async () => {
  const folder = await builtPage(say, root)
  expect(folder).toBe(join(root, 'out', 'renderer'))
  expect(read('renderer', 'index.html')).toBe('fresh')
  expect(readdirSync(join(root, 'out'))).toEqual(['renderer'])
  expect(await builtPage(say, root)).toBe(folder)
  expect(said).toEqual(['Building the window; this happens once …'])
})

test('half a page is replaced', async () => {
  mkdirSync(join(root, 'out', 'renderer'))
  writeFileSync(join(root, 'out', 'renderer', 'rest.js'), '')
  await builtPage(say, root)
  expect(readdirSync(join(root, 'out', 'renderer'))).toEqual(['index.html'])
})

test('a page that another node put there in the meantime is as good', async () => {
  tool('vite', `mkdirSync('out/renderer'); writeFileSync('out/renderer/index.html', 'theirs'); process.exit(1)`)
  await builtPage(say, root)
  expect(read('renderer', 'index.html')).toBe('theirs')
})

test('a build that fails is told with what to do', async () => {
  tool('vite', 'process.exit(1)')
  tool('electron-vite', 'process.exit(1)')
  for (const build of [builtPage, buildApp])
    await expect(build(say, root)).rejects.toMatchObject({
      code: 'BUILD_FAILED',
      remedy: 'Run `npm ci`, then `npm run build`, and read what it says.',
    })
  expect(existsSync(join(root, 'out', 'renderer'))).toBe(false)
})

test('the app is built where it is missing or older than a source, and left alone otherwise', async () => {
  await buildApp(say, root)
  expect(said).toHaveLength(1)
  await buildApp(say, root)
  expect(said).toHaveLength(1)

  const soon = new Date(Date.now() + 60_000)
  utimesSync(join(root, 'core', 'ledger', 'index.ts'), soon, soon)
  await buildApp(say, root)
  expect(said).toHaveLength(2)
})

test('while developing, the page of that server passes as the node’s own, and no other page does', () => {
  const [page, node] = ['http://127.0.0.1:5173/', 'http://127.0.0.1:4711']
  expect(originForNode('http://127.0.0.1:5173', page, node)).toBe(node)
  expect(originForNode('http://127.0.0.1:517', page, node)).toBe('http://127.0.0.1:517')
  expect(originForNode('https://evil.example', page, node)).toBe('https://evil.example')
  expect(originForNode(undefined, page, node)).toBeUndefined()
})
