import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { createWindow, windowOptions } from '../../../electron/window.ts'
import { FakeWindow } from './fake-electron.ts'

test('every window is sandboxed, isolated and without Node', () => {
  const { webPreferences } = windowOptions({ preload: '/app/preload.cjs', version: '1.2.3' })
  expect(webPreferences).toEqual({
    preload: '/app/preload.cjs',
    additionalArguments: ['--steward-version=1.2.3'],
    sandbox: true,
    contextIsolation: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  })
  // Blink features are a way around the rest: none is named.
  expect(Object.keys(webPreferences ?? {})).not.toEqual(expect.arrayContaining(['enableBlinkFeatures']))
})

test('the window opens the page on its own scheme and shows when there is something to see', () => {
  // The fake takes the same options; the shell uses four of its methods.
  const Window = FakeWindow as unknown as new (options: BrowserWindowConstructorOptions) => BrowserWindow
  createWindow({ BrowserWindow: Window, preload: '/p.cjs', version: '1.2.3' }, '#/conflicts')
  const [window] = FakeWindow.made
  expect(window?.loaded).toEqual(['app://steward/#/conflicts'])
  expect(window?.shown).toBe(false)
  window?.emit('ready-to-show')
  expect(window?.shown).toBe(true)
})
