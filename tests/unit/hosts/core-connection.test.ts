import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type { Frame } from '#core/hosts/thread/index.ts'
import { connectPort } from '../../../core/hosts/thread/core-connection.ts'
import { corePort } from '../../../core/hosts/thread/core-port.ts'
import { PATIENCE } from './patience.ts'

const MIB = 1024 * 1024

interface Line {
  readonly connection: ReturnType<typeof connectPort>
  readonly core: MessagePort
  readonly heard: Frame[]
  readonly told: string[]
}

function line(): Line {
  const { port1, port2 } = new MessageChannel()
  const heard: Frame[] = []
  const told: string[] = []
  const connection = connectPort(port1, {
    frame: (frame) => heard.push(frame),
    drained: () => told.push('drained'),
    closed: () => told.push('closed'),
  })
  return { connection, core: port2, heard, told }
}

/** Anything else than a question would close the connection. */
const question = (body: string) => JSON.stringify({ i: '1', p: { u: '/app/state', b: body } })

test('what the core answers arrives as it was sent', async () => {
  const { connection, core, heard } = line()
  const port = corePort(core)
  port.on('message', (event) => port.postMessage(event?.data))
  const [text, bytes] = [question('é'), new TextEncoder().encode(question('è'))]
  connection.send(text)
  connection.send(bytes)
  await expect.poll(() => heard, PATIENCE).toEqual([text, bytes])
  connection.close()
})

test('a frame of 1 MiB passes; one byte more does not, and closes the connection', async () => {
  const { connection, core, told } = line()
  expect(connection.send('a'.repeat(MIB))).toBe('sent')
  expect(connection.send('a'.repeat(MIB + 1))).toBe('too-large')
  await expect.poll(() => told, PATIENCE).toEqual(['closed'])
  expect(connection.send('more')).toBe('closed')
  core.close()
})

test('the limit counts bytes, not characters', () => {
  const { connection, core } = line()
  expect(connection.send('é'.repeat(MIB / 2 + 1))).toBe('too-large')
  core.close()
})

test('a core that does not keep up is told to the sender, and so is that it has caught up', async () => {
  const { connection, core, told } = line()
  const frame = new TextEncoder().encode(question('a'.repeat(MIB - question('').length)))
  const sent = [1, 2, 3, 4, 5].map(() => connection.send(frame))
  expect(sent).toEqual(['sent', 'sent', 'sent', 'sent', 'full'])
  expect(told).toEqual([])
  corePort(core).on('message', () => undefined)
  await expect.poll(() => told, PATIENCE).toEqual(['drained'])
  expect(connection.send(frame)).toBe('sent')
  connection.close()
})

test('when the core closes, its faces learn of it once', async () => {
  const { core, told } = line()
  core.close()
  await once(core, 'close')
  await expect.poll(() => told, PATIENCE).toEqual(['closed'])
})
