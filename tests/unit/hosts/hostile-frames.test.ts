// A frame that is no message: it once ended the core for everybody. Found by the fuzzer.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectClient, type Frame } from '#core/hosts/thread/index.ts'
import { startCoreThread, type CoreThread } from '../../../core/hosts/thread/core-thread.ts'

let home = ''
let core: CoreThread
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'steward-frames-'))
  core = await startCoreThread({ home, version: '0.0.0-test', host: 'browser', keychain: null })
})
afterAll(async () => {
  await core.stop()
  rmSync(home, { recursive: true })
})

const frames: readonly (readonly [string, Frame])[] = [
  ['nothing', ''],
  ['no JSON', 'x'],
  ['no object', 'null'],
  ['no question', '{"i":"1"}'],
  ['an address that is none', '{"i":"1","p":{"u":"http://[","b":{}}}'],
  ['a number for an id', '{"i":1,"p":{"u":"/app/state","b":{"json":{}}}}'],
  [
    'a body that says it is a form',
    '{"i":"1","p":{"u":"/app/state","h":{"content-type":"multipart/form-data"},"b":"x"}}',
  ],
  ['a body that says it is a file', '{"i":"1","p":{"u":"/app/state","h":{"content-disposition":"x"}}}'],
  ['a stream that nobody opened', '{"i":"1","t":3,"p":{}}'],
  ['a kind of message that is not known', '{"i":"1","t":9}'],
  ['bytes that are no UTF-8', Uint8Array.of(0xff, 0xfe, 0x00)],
]

test.each(frames)('%s ends its own connection, and the core goes on answering', async (_what, frame) => {
  const closed = new Promise<void>((resolve) => {
    const connection = core.connect({ frame: () => undefined, drained: () => undefined, closed: resolve })
    connection.send(frame)
  })
  await closed
  const face = connectClient(core)
  expect(await face.client.app.state({})).toMatchObject({ phase: 'no-node' })
  face.close()
})

test('a question about nothing that there is, and one with an input of another shape, are answered', async () => {
  const answers: string[] = []
  await new Promise<void>((resolve) => {
    const connection = core.connect({
      frame: (frame) => void (answers.push(String(frame)) === 2 && resolve()),
      drained: () => undefined,
      closed: resolve,
    })
    connection.send('{"i":"1","p":{"u":"/no/such","b":{"json":{}}}}')
    connection.send('{"i":"2","p":{"u":"/receipts/get","b":{"json":7,"meta":[[9,"__proto__","x"]]}}}')
  })
  expect(answers.join()).toMatch(/404|No procedure/)
  expect(answers.join()).toMatch(/BAD_REQUEST/)
})
