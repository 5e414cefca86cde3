import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import electronVite from '../../../electron.vite.config.ts'

const folder = new URL('../../../electron/', import.meta.url)
const sources = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const)

test('the preload script exposes a version and three questions, and no Electron object', () => {
  const preload = sources.find(([name]) => name === 'preload.ts')?.[1] ?? ''
  const exposed = /exposeInMainWorld\('steward', \{([\s\S]*?)\n\}\)/.exec(preload)?.[1] ?? ''
  expect([...exposed.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key)).toEqual([
    'version',
    'pathOf',
    'chooseFolder',
    'showReport',
  ])
  expect(preload.match(/exposeInMainWorld/g)).toHaveLength(1)
  expect(preload).not.toMatch(/node:|require\(/)
})

test('the preload script is built as one CommonJS file, which a sandboxed page can load', () => {
  expect(electronVite).toMatchObject({
    preload: { build: { rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } } } },
  })
})

test('the synchronous key storage, which is deprecated, is used nowhere', () => {
  const used = /\b(encryptString|decryptString|isEncryptionAvailable)\(/
  expect(sources.filter(([, source]) => used.test(source)).map(([name]) => name)).toEqual([])
})

test('windows are made in one place, and the app never starts itself anew', () => {
  const used = /child_process|utilityProcess|new BrowserWindow\(/
  expect(sources.filter(([, source]) => used.test(source)).map(([name]) => name)).toEqual([])
})
