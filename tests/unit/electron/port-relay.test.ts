import { expect, test } from 'vitest'
import type { ConnectionEvents, Frame } from '#core/hosts/thread/index.ts'
import { relayPort } from '../../../electron/port-relay.ts'
import { FakePort } from './fake-electron.ts'

function relayed(answer: (frame: Frame) => 'sent' | 'full' | 'too-large' = () => 'sent') {
  const port = new FakePort()
  const taken: Frame[] = []
  const core: { events: ConnectionEvents | null; closed: boolean } = { events: null, closed: false }
  relayPort(port.asMain, (events) => {
    core.events = events
    return {
      send(frame) {
        taken.push(frame)
        return answer(frame)
      },
      close() {
        core.closed = true
        events.closed()
      },
    }
  })
  return { port, taken, core }
}

test('frames pass both ways, and either side closes the other', () => {
  const { port, taken, core } = relayed()
  expect(port.started).toBe(true)
  port.says('{"i":"1"}')
  port.says(new Uint8Array([1, 2]))
  expect(taken).toEqual(['{"i":"1"}', new Uint8Array([1, 2])])
  core.events?.frame('answer')
  expect(port.sent).toEqual(['answer'])
  port.close()
  expect(core.closed).toBe(true)

  const other = relayed()
  other.core.events?.closed()
  expect(other.port.closed).toBe(true)
})

test('what is no frame ends the connection', () => {
  for (const data of [{ i: 1 }, 7, null, undefined, ['a']]) {
    const { port, taken, core } = relayed()
    port.says(data)
    expect([taken, core.closed]).toEqual([[], true])
  }
})

test('while the core is full, frames wait in order; too many end the connection', () => {
  let room = false
  const { port, taken, core } = relayed(() => (room ? 'sent' : 'full'))
  for (const frame of ['a', 'b', 'c']) port.says(frame)
  expect(taken).toEqual(['a'])
  room = true
  core.events?.drained()
  expect(taken).toEqual(['a', 'b', 'c'])

  room = false
  const flooded = relayed(() => 'full')
  const frame = new Uint8Array(1024 * 1024)
  for (let sent = 0; sent <= 33; sent++) flooded.port.says(frame)
  expect(flooded.core.closed).toBe(true)
})

test('without a core the port is closed at once', () => {
  const port = new FakePort()
  relayPort(port.asMain, () => null)
  expect(port.closed).toBe(true)
})
