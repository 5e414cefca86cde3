import { EventEmitter } from 'node:events'
import type { App, MessageBoxOptions, Session } from 'electron'
import { expect, test } from 'vitest'
import { confineDownloads, confineNavigation, mayAskToOpen } from '../../../electron/navigation.ts'
import { FakeContents } from './fake-electron.ts'
import { PATIENCE } from '../hosts/patience.ts'

function confined(answer: number) {
  const asked: MessageBoxOptions[] = []
  const opened: string[] = []
  const app = new EventEmitter()
  confineNavigation({
    app: app as unknown as Pick<App, 'on'>, // the emitter part is all that is used
    dialog: {
      // The shell asks without a window: the first argument holds the options.
      showMessageBox: (options: unknown) => {
        asked.push(options as MessageBoxOptions)
        return Promise.resolve({ response: answer, checkboxChecked: false })
      },
    },
    shell: {
      openExternal: (url) => {
        opened.push(url)
        return Promise.resolve()
      },
    },
  })
  const contents = new FakeContents()
  app.emit('web-contents-created', {}, contents)
  // The shell reads the address only.
  const open = (url: string) =>
    contents.openHandler?.({ url } as Parameters<NonNullable<FakeContents['openHandler']>>[0])
  return { contents, open, asked, opened }
}

test('a page goes nowhere, by whatever way it tries', () => {
  const { contents } = confined(1)
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview']) {
    expect(contents.denies(event)).toBe(true)
  }
})

test('no link opens a window; an outside one is shown in full before a browser opens it', async () => {
  const { open, asked, opened } = confined(0)
  expect(open('https://example.org/a?b=c#d')).toEqual({ action: 'deny' })
  await expect.poll(() => opened, PATIENCE).toEqual(['https://example.org/a?b=c#d'])
  expect(asked[0]).toMatchObject({ detail: 'https://example.org/a?b=c#d', buttons: ['Open', 'Cancel'], defaultId: 1 })
})

test('cancelling opens nothing, and an address that hides something is not even asked about', async () => {
  const { open, asked, opened } = confined(1)
  open('https://example.org/')
  open('file:///etc/passwd')
  await expect.poll(() => asked.length, PATIENCE).toBe(1)
  expect(opened).toEqual([])
})

test.each([
  ['https://example.org/', true],
  ['https://docs.example.org/a/b?c=d', true],
  ['HTTPS://EXAMPLE.ORG/', true],
  ['http://example.org/', false],
  ['file:///etc/passwd', false],
  ['smb://server/share', false],
  ['\\\\server\\share', false],
  ['https:\\\\example.org\\', false],
  ['https://example.org\\@evil.example/', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['steward://conflicts', false],
  ['ms-msdt:/id', false],
  ['https://user@example.org/', false],
  ['https://user:pass@example.org/', false],
  ['https://example.org:8443/', false],
  ['https://exämple.org/', false],
  ['https://xn--exmple-cua.org/', false],
  ['https://localhost/', false],
  ['https://[::1]/', false],
  ['https://example.org/ space', false],
  ['https://example.org/\nline', false],
  ['https://example.org/\u202egpj', false],
  ['https://', false],
  ['', false],
])('asking to open %s: %s', (url, may) => {
  expect(mayAskToOpen(url)).toBe(may)
})

test('only what the page itself made can be saved', () => {
  const session = new EventEmitter()
  confineDownloads(session as unknown as Pick<Session, 'on'>) // the emitter part is all that is used
  const denied = (url: string) => {
    let prevented = false
    session.emit('will-download', { preventDefault: () => (prevented = true) }, { getURL: () => url })
    return prevented
  }
  expect(denied('blob:app://steward/0f6a')).toBe(false)
  expect(denied('https://evil.example/x.exe')).toBe(true)
  expect(denied('app://steward/assets/app.js')).toBe(true)
  expect(denied('data:application/octet-stream,x')).toBe(true)
})
