// The shared folder from the command line alone: how it is, though no host watches it; and choosing it.
import { existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { NodeId, Trouble } from '#core/contract/index.ts'
import { segmentName } from '#core/receipts/index.ts'
import { makePlace } from './command-line.ts'

test('status looks how the folder is where no host runs, and says what to do', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange)
  expect((await place.run('ada', 'status')).json).toMatchObject({ exchange: { state: 'idle', unpublished: 0 } })
  expect((await place.run('ben', 'status')).json).toMatchObject({
    exchange: { state: 'not-admitted', reason: expect.stringContaining('has admitted this node') as string },
  })
  const waiting = (await place.runForPerson('ben', 'status')).out
  expect(waiting).toContain(`Folder     ${place.exchange} (not-admitted)\n`)
  expect(waiting).toContain('run `steward admit`')

  await place.runWithKey('ada', 'sign', '--kind', 'evidence/observed', '--subject', 'a', '--body', '{}')
  expect((await place.runForPerson('ada', 'status')).out).toContain(
    '1 receipt of this node not published yet: run `steward sync` with the passphrase.\n',
  )
  renameSync(place.exchange, `${place.exchange}-away`)
  expect((await place.run('ada', 'status')).json).toMatchObject({
    exchange: { state: 'missing', folder: place.exchange, unpublished: 1 },
    safety: { headline: 'The exchange stands still', remedy: expect.stringContaining('`steward exchange') as string },
  })
  const gone = (await place.runForPerson('ada', 'status')).out
  expect(gone).toContain('The exchange folder is not there.\n')
  expect(gone).toContain('kept in the data folder; 1 receipt of this node waits to be published.\n')
})

test('a node that was made without a shared folder gets one, and another one when it has moved', async () => {
  using place = makePlace()
  await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange, '--network', 'Meters')
  const made = await place.runWithKey('ada', 'init', '--name', 'Ada')
  expect(made.json).toMatchObject({
    exchange: { state: 'none', folder: null, remedy: expect.stringContaining('`steward exchange <dir>`') as string },
  })
  expect((await place.run('ada', 'exchange')).json).toMatchObject({ state: 'none', folder: null })
  expect((await place.runForPerson('ada', 'exchange')).out).toContain('Folder  none (none)\n')

  const dry = await place.runForPerson('ada', 'exchange', place.exchange, '--dry-run')
  expect(dry.out).toMatch(
    /^.*exchange\nIt belongs to the network Meters, 1 node, words: (\w+ ){5}\w+\. This node would ask to join it\.\n/,
  )
  expect((await place.run('ada', 'exchange')).json).toMatchObject({ state: 'none' })
  const empty = mkdtempSync(join(place.folder, 'empty-'))
  expect((await place.run('ada', 'exchange', empty, '--dry-run')).json).toMatchObject({ folder: empty, network: null })

  const chosen = await place.runWithKey('ada', 'exchange', place.exchange)
  expect(chosen).toMatchObject({
    code: 0,
    json: { state: 'not-admitted', folder: place.exchange, unpublished: 0, kept: expect.any(String) as string },
  })
  expect((await place.run('ben', 'sync')).json).toMatchObject({ pendingNodes: [{ name: 'Ada' }] })

  expect((await place.runForPerson('ada', 'exchange', place.exchange, '--dry-run')).out).toContain('this node’s own.')

  const moved = `${place.exchange}-moved`
  renameSync(place.exchange, moved)
  expect((await place.run('ben', 'exchange', moved)).json).toMatchObject({ state: 'idle', folder: moved })
  expect((await place.runForPerson('ben', 'exchange')).out).toContain('2 receipts of this node not published yet')
  const key = ['--passphrase-file', place.passphraseFile]
  expect((await place.runForPerson('ben', ...key, 'exchange', moved)).out).toBe(`Folder  ${moved} (idle)\n`)
})

test('choosing a folder that belongs to another network says that the node asks to join it', async () => {
  using place = makePlace()
  await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange, '--network', 'Meters')
  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const { out } = await place.runForPerson('ada', '--passphrase-file', place.passphraseFile, 'exchange', place.exchange)
  expect(out).toContain('This node asks to join the network of the folder: Meters\n')
  expect(out).toContain('run `steward admit`')
})

test('a folder that cannot be the exchange is named, and a file is called a file', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const nowhere = join(place.folder, 'nowhere')
  expect((await place.runWithKey('ada', 'exchange', nowhere)).json).toMatchObject({
    error: {
      code: 'EXCHANGE_UNUSABLE',
      happened: `The folder ${nowhere} cannot be the exchange. There is no such folder, or the drive is not connected.`,
    },
  })
  const file = place.passphraseFile
  const refused = await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', file)
  expect(refused.json).toMatchObject({
    error: { happened: `The folder ${file} cannot be the exchange. It is a file, not a folder.` },
  })
  // Nothing was changed: there is no folder for a node that was not made.
  expect(existsSync(place.home('ben'))).toBe(false)
  const phraseFile = join(place.folder, 'phrase')
  writeFileSync(phraseFile, 'no phrase at all')
  const restore = ['restore', '--name', 'Ben', '--phrase-file', phraseFile]
  expect((await place.runWithKey('ben', ...restore)).code).toBe(2)
  expect(existsSync(place.home('ben'))).toBe(false)
  expect((await place.run('ada', 'exchange', file, '--dry-run')).json).toMatchObject({
    exists: false,
    problem: 'It is a file, not a folder.',
  })
})

test('init and restore tell a person how the exchange is', async () => {
  using place = makePlace()
  await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange)
  const phraseFile = join(place.folder, 'phrase')
  const key = ['--passphrase-file', place.passphraseFile]
  const init = ['init', '--name', 'Ada', '--exchange', place.exchange, '--recovery-phrase-file', phraseFile]
  const made = await place.runForPerson('ada', ...key, ...init)
  expect(made.out).toContain(`Folder  ${place.exchange} (not-admitted)\n`)
  expect(made.out).toContain('Tell a steward of the network the six words of this node')

  const restore = ['restore', '--name', 'Eve', '--phrase-file', phraseFile]
  const alone = await place.runForPerson('alone', ...key, ...restore)
  expect(alone.out).toContain('Folder  none (none)\n')
  // Its data folder is there: the phrase gives its key a new passphrase, and what else was asked for is taken or told.
  const again = await place.runForPerson('alone', ...key, ...restore.with(2, 'Mallory'), '--exchange', place.exchange)
  expect(again.out).toContain('Eve is back: did:key:')
  expect(again.out).toContain(
    'It was in this data folder already: its key has the new passphrase now, and keeps its name instead of Mallory.\n',
  )
  expect(again.out).toContain(`Folder  ${place.exchange} (not-admitted)\n`)
  expect((await place.run('alone', 'status')).json).toMatchObject({ name: 'Eve', exchange: { folder: place.exchange } })
  const nowhere = await place.runWithKey('alone', ...restore, '--exchange', join(place.folder, 'nowhere'))
  expect(nowhere.json).toMatchObject({ error: { code: 'EXCHANGE_UNUSABLE' } })
})

test('troubles are listed with their remedy, found by the name of the file, and what was refused is saved', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--exchange', place.exchange)
  const made = await place.runWithKey('ben', 'init', '--name', 'Ben', '--exchange', place.exchange)
  const { node } = z.object({ node: NodeId }).parse(made.json)
  expect((await place.runForPerson('ada', 'troubles')).out).toBe('Nothing: all that was read went in.\n')
  await place.run('ada', 'sync')
  await place.runWithKey('ada', 'admit', node)
  const feed = join(place.exchange, 'nodes', node.slice('did:key:'.length), 'feed')
  writeFileSync(join(feed, segmentName(900, 900)), '{"not":"a receipt"}\n')
  writeFileSync(join(feed, segmentName(901, 902)), '{"half')
  await place.run('ada', 'sync')

  const { items } = z.object({ items: z.array(Trouble) }).parse((await place.run('ada', 'troubles')).json)
  expect(items.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['refused', expect.any(String)],
    ['waiting', 'half-synced'],
  ])
  const [refused, half] = items
  const told = (await place.runForPerson('ada', 'troubles')).out
  for (const one of items)
    expect(told).toContain(
      `${one.outcome}: ${one.source}\n    ${one.detail}\n    Kept: ${one.kept}\n    To do: ${one.remedy}\n    Since `,
    )
  const only = (await place.runForPerson('ada', 'troubles', '--outcome', 'waiting')).out
  expect(only).toContain(half?.source)
  expect(only).not.toContain(refused?.source)
  expect((await place.run('ada', 'troubles', '--limit', '1')).json).toMatchObject({
    next: expect.any(String) as string,
  })

  const name = segmentName(900, 900)
  expect((await place.run('ada', 'troubles', name)).json).toMatchObject({ items: [{ id: refused?.id }], next: null })
  const out = join(place.folder, 'refused.bin')
  expect(await place.run('ada', 'troubles', name, '--save', out)).toMatchObject({ code: 0, json: { path: out } })
  expect(readFileSync(out, 'utf8')).toContain('{"not":"a receipt"}')
  const code = async (...words: readonly string[]) => (await place.run('ada', 'troubles', ...words)).json
  expect(await code(name, '--save', out)).toMatchObject({ error: { code: 'FILE_NOT_MADE' } })
  expect(await code(half?.source ?? '', '--save', `${out}2`)).toMatchObject({ error: { code: 'NOTHING_KEPT' } })
  expect(await code('nothing.jsonl')).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await code('--save', `${out}2`)).toMatchObject({ error: { code: 'USAGE' } })
})
