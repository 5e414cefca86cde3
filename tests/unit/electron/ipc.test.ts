import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, MessagePortMain } from 'electron'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CHANNELS } from '../../../electron/channels.ts'
import { listenToPages } from '../../../electron/ipc.ts'
import { FakePort, FakeWindow, contents, frameOf, ipcEvent } from './fake-electron.ts'

function shell(windowWish: { readonly destroyed?: boolean; readonly foreign?: boolean } = {}) {
  const listeners = new Map<string, (event: IpcMainEvent, message: unknown) => void>()
  const handlers = new Map<string, (event: IpcMainInvokeEvent, message: unknown) => unknown>()
  const connected: MessagePortMain[] = []
  const shown: string[] = []
  const window = new FakeWindow({})
  window.destroyed = windowWish.destroyed === true
  const ipcMain = {
    on: (channel: string, listener: (event: IpcMainEvent, message: unknown) => void) =>
      listeners.set(channel, listener),
    handle: (channel: string, handler: (event: IpcMainInvokeEvent, message: unknown) => unknown) =>
      handlers.set(channel, handler),
  }
  listenToPages({
    ipcMain: ipcMain as unknown as Pick<IpcMain, 'on' | 'handle'>, // the two ways to listen
    dialog: { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: ['/chosen'] }) },
    shell: { showItemInFolder: (path) => void shown.push(path) },
    windowOf: () => (windowWish.foreign === true ? null : window.asWindow),
    connect: (port) => connected.push(port),
  })
  return {
    channels: [...listeners.keys(), ...handlers.keys()],
    connected,
    shown,
    show: (event: IpcMainEvent, message: unknown) => handlers.get(CHANNELS.showReport)?.(event, message),
    connect(event: IpcMainEvent, message: unknown = null) {
      listeners.get(CHANNELS.connect)?.(event, message)
      return connected.length === 1
    },
    choose: async (event: IpcMainEvent, message?: unknown) => handlers.get(CHANNELS.chooseFolder)?.(event, message),
  }
}

test('the channels are those of the list and no others', () => {
  expect(shell().channels.toSorted()).toEqual(Object.values(CHANNELS).toSorted())
})

test('the top frame of our page gets its port connected', () => {
  const port = new FakePort()
  expect(shell().connect(ipcEvent(frameOf(), [port.asMain]))).toBe(true)
})

const foreign = [
  ['a frame of another origin', frameOf({ origin: 'https://evil.example' })],
  ['a frame without an origin', frameOf({ origin: 'null' })],
  ['a frame inside our page', frameOf({ parent: frameOf() })],
  ['a frame that has gone', null],
  ['a detached frame', frameOf({ detached: true })],
] as const

test.each(foreign)('%s gets nothing, and its ports are closed', async (_name, frame) => {
  const port = new FakePort()
  const refusing = shell()
  expect(refusing.connect(ipcEvent(frame, [port.asMain]))).toBe(false)
  expect(port.closed).toBe(true)
  await expect(refusing.choose(ipcEvent(frame))).rejects.toThrow('refused')
})

test('our page in a window that is not ours, or is destroyed, gets nothing', async () => {
  for (const wish of [{ destroyed: true }, { foreign: true }]) {
    const refusing = shell(wish)
    expect(refusing.connect(ipcEvent(frameOf(), [new FakePort().asMain], contents()))).toBe(false)
    await expect(refusing.choose(ipcEvent(frameOf()))).rejects.toThrow('refused')
  }
})

test('a message that is more than the word is refused', async () => {
  const refusing = shell()
  expect(refusing.connect(ipcEvent(frameOf(), [new FakePort().asMain]), { home: '/etc' })).toBe(false)
  expect(refusing.connect(ipcEvent(frameOf(), []))).toBe(false)
  expect(refusing.connect(ipcEvent(frameOf(), [new FakePort().asMain, new FakePort().asMain]))).toBe(false)
  await expect(refusing.choose(ipcEvent(frameOf()), '/etc')).rejects.toThrow('refused')
})

test('the folder dialog answers with the path that the person chose', async () => {
  expect(await shell().choose(ipcEvent(frameOf()))).toBe('/chosen')
})

test('the folder of a report is shown in the file manager, and no other place is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-shown-'))
  const report = join(folder, '_report', 'network', '20261121T120000Z')
  mkdirSync(report, { recursive: true })
  try {
    const opened = shell()
    expect(opened.show(ipcEvent(frameOf()), report)).toBe(true)
    expect(opened.show(ipcEvent(frameOf()), join(folder, '_report', 'network', '20261121T120001Z'))).toBe(false)
    const elsewhere = [folder, '/etc', `${report}/../../..`, '_report/network/20261121T120000Z', null]
    for (const other of elsewhere) expect(() => opened.show(ipcEvent(frameOf()), other)).toThrow('refused')
    expect(() => opened.show(ipcEvent(frameOf({ origin: 'https://evil.example' })), report)).toThrow('refused')
    expect(opened.shown).toEqual([report])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
