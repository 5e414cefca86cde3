// Whatever goes wrong is told in four sentences and an exit code; nothing of the inside shows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ORPCError } from '@orpc/client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ReceiptId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { createExportFolder } from '../../../core/hosts/cli/export-folder-adapter.ts'
import { findReceipt } from '../../../core/hosts/cli/abbreviations.ts'
import type { CliContext } from '../../../core/hosts/cli/context.ts'
import { columns, jsonLine, plain } from '../../../core/hosts/cli/layout.ts'
import { askPassphrase, canAskPassphrase } from '../../../core/hosts/cli/passphrase.ts'
import { reservePhraseFile, readPhraseFile } from '../../../core/hosts/cli/phrase-file-adapter.ts'
import { exitCodeOf, problemOf } from '../../../core/hosts/cli/problems.ts'
import type { Terminal } from '../../../core/hosts/cli/terminal.ts'
import { say } from './command-line.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-problems-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const TOLD = { code: 'LEDGER_DAMAGED', happened: 'It is damaged.', kept: 'All.', remedy: 'Restore it.' }

test('a problem of the core keeps its sentences, whichever way it came', () => {
  expect(problemOf(new StewardError(TOLD))).toEqual(TOLD)
  expect(problemOf(new ORPCError('PROBLEM', { data: TOLD }))).toEqual(TOLD)
})

const HELP = 'See `steward <command> --help`, which has an example.'

test.each<[unknown, string, string]>([
  [
    { issues: [{ code: 'too_big', origin: 'number', maximum: 200, path: ['limit'], message: 'Too big' }] },
    '--limit must be at most 200.',
    'Write it as in --limit 50; 1 to 200.',
  ],
  [
    {
      issues: [{ code: 'too_small', origin: 'array', minimum: 2, path: ['verdict', 'receipts'], message: 'Too small' }],
    },
    '--several needs at least 2.',
    'Name two or more, as in --several 91be44c07d12 c02d9a11f3e8; for one alone there is --pick.',
  ],
  [
    {
      issues: [
        { code: 'custom', path: ['content', 'body', 'a', 3], message: 'is nested too deep' },
        { message: 'Odd' },
      ],
    },
    '--body is nested too deep. The input is not written as it has to be.',
    `Write it as in --body '{"value": 42}'.`,
  ],
  [
    { issues: [{ code: 'invalid_format', path: ['new', 'thing'], message: 'Invalid string: must match /^[a-z]$/' }] },
    '“new.thing” is not written as it has to be.',
    HELP,
  ],
  [{ issues: ['strange'] }, 'The input was not accepted.', HELP],
  [{ issues: 'strange' }, 'The input was not accepted.', HELP],
  [null, 'The input was not accepted.', HELP],
  [undefined, 'The input was not accepted.', HELP],
])('input that the contract refuses with %j is told', (data, happened, remedy) => {
  const problem = problemOf(new ORPCError('BAD_REQUEST', { data }))
  expect(problem).toMatchObject({ code: 'BAD_INPUT', happened, remedy })
})

test('a passphrase that is too short and a name that is none are told as what they are', async () => {
  writeFileSync(join(folder, 'short'), 'short')
  const init = ['--home', join(folder, 'ada'), '--passphrase-file', 'short', 'init', '--name', 'x'.repeat(65)]
  const said = await say(init, folder)
  expect(said).toMatchObject({ code: 2, out: '' })
  expect(said.err).toBe(
    '--name takes at most 64 characters. The passphrase needs at least 8 characters.\nNothing was changed.\nWrite it as in --name Ada; 1 to 64 characters. Choose one of 8 to 1024 characters.\n',
  )
})

test('a fault of ours is told without its inside', () => {
  for (const thrown of [
    new TypeError('secret /home'),
    new ORPCError('INTERNAL_SERVER_ERROR', { message: 'secret' }),
    7,
  ]) {
    const problem = problemOf(thrown)
    expect(problem.code).toBe('INTERNAL')
    expect(JSON.stringify(problem)).not.toContain('secret')
  }
})

test.each([
  ['LEDGER_DAMAGED', 3],
  ['NODE_FILE_DAMAGED', 3],
  ['BAD_SIGNATURE', 3],
  ['CONTENT_MISMATCH', 3],
  ['OWN_FEED_FORKED', 3],
  ['HOME_IN_USE', 2],
  ['INTERNAL', 2],
])('%s ends with %i', (code, exitCode) => {
  expect(exitCodeOf({ ...TOLD, code })).toBe(exitCode)
})

test('the version is printed, and a usage problem ends in one full stop', async () => {
  expect(await say(['--version'], folder)).toMatchObject({ code: 0, out: '0.0.0-test\n', err: '' })
  expect((await say(['init', '--name'], folder)).err).toMatch(/^Option '--name <name>' argument missing\.\n/)
})

test('a fault of ours is written down for who can mend it, and told without its inside', async () => {
  // The terminal breaks while it is asked for the second time.
  const said = await say(['--home', join(folder, 'ada'), '--json', 'init', '--name', 'Ada'], folder, ['one'])
  expect(said.code).toBe(2)
  expect(said.json).toMatchObject({ error: { code: 'INTERNAL' } })
  expect(said.out).not.toContain('nobody')
  expect(said.err).toContain('Error: nobody is there to answer: Once more: ')
})

test('what a command line was given cannot move the cursor of who reads that it was wrong', async () => {
  const said = await say(['report', 'schema', 'x\u001b[2J'], folder)
  expect(said.err).toContain('There is no schema for x\\u{1b}[2J.')
  const unknown = await say(['x\u001b[2J'], folder)
  expect(unknown.err).not.toContain('\u001b')
})

test('columns of unequal rows line up, and what would move the cursor is shown as what it is', () => {
  expect(columns([['a', 'bb'], ['ccc'], ['d', 'e', 'f']])).toBe('a    bb\nccc\nd    e   f\n')
  expect(plain('a\u001b[31m\u202eb')).toBe('a\\u{1b}[31m\\u{202e}b')
})

test.each([
  '\u009b',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u00ad',
  '\u3164',
  '\u2800',
  '\ufe0f',
  '\u2028',
  '\ud800',
  '\u{e0041}',
])('what hides in a text is seen in the terminal, in words and in JSON: %j', (hidden) => {
  const name = `Ada${hidden}`
  expect(plain(name)).toBe(`Ada\\u{${(hidden.codePointAt(0) ?? 0).toString(16)}}`)
  expect(jsonLine({ name })).toMatch(/^\{"name":"Ada(\\u[0-9a-f]{4})+"\}\n$/)
  expect(JSON.parse(jsonLine({ name }))).toEqual({ name })
})

test('a name that hides something, or is blank, is not given to a node; names of people anywhere are', async () => {
  writeFileSync(join(folder, 'passphrase'), 'correct horse battery')
  writeFileSync(join(folder, 'phrase'), `${'abandon '.repeat(23)}art`)
  const run = (...words: readonly string[]) =>
    say(['--home', join(folder, 'ada'), '--passphrase-file', 'passphrase', ...words], folder)
  for (const [words, happened] of [
    [['init', '--name', 'A\u202eda'], 'The name of the node holds the character U+202E'],
    [['init', '--name', 'Ada\u200b'], 'The name of the node holds the character U+200B'],
    [['init', '--name', 'Ada', '--network', 'pi\u2066lot'], 'The name of the network holds the character U+2066'],
    [['init', '--name', '  '], 'The name of the node is blank.'],
    [['restore', '--name', '\u3164', '--phrase-file', 'phrase'], 'The name of the node holds the character U+3164'],
  ] as const) {
    const said = await run(...words)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err).toContain(happened)
    expect(said.err).toContain('\nNo node was made.\n')
  }
  const made = await run('init', '--name', 'Zoë Ōe-Müller 李 🌾', '--network', 'élan 2')
  expect([made.code, made.err]).toEqual([0, ''])
})

test('a short id must have six characters, and must name one receipt', () => {
  const id = (first: string) => `sha256:${first.padEnd(64, '0')}` as ReceiptId // a receipt id by its form
  const [one, other] = [id('abcdef1'), id('abcdef2')]
  expect(findReceipt([one, other], 'sha256:abcdef1…')).toBe(one)
  expect(findReceipt([], other)).toBe(other)
  expect(() => findReceipt([one], 'abcde')).toThrow('No receipt is named abcde.')
  expect(() => findReceipt([one, other], 'abcdef')).toThrow('2 receipts are named abcdef.')
})

test('an export folder is new or empty, and a file where it should be is told', () => {
  writeFileSync(join(folder, 'file'), 'precious')
  expect(() => createExportFolder(join(folder, 'file', 'below'))).toThrow(/below cannot be made\./)
  expect(() => createExportFolder(folder)).toThrow(/ is not empty\./)
  createExportFolder(join(folder, 'new')).write('nodes/a.jsonl', ['1\n', '2\n'])
  expect(readFileSync(join(folder, 'new', 'nodes', 'a.jsonl'), 'utf8')).toBe('1\n2\n')
})

test('a phrase file that cannot be read is told, and one with line breaks is read', () => {
  expect(() => readPhraseFile(join(folder, 'nothing'))).toThrow(/nothing with the recovery phrase cannot be read\./)
  writeFileSync(join(folder, 'phrase'), ' one\n two\tthree \n')
  expect(readPhraseFile(join(folder, 'phrase'))).toBe('one two three')
  expect(() => reservePhraseFile(join(folder, 'phrase'))).toThrow(/cannot be made\./)
})

function contextOf(terminal: Partial<Terminal>, passphraseFile?: string): CliContext {
  const asked: Terminal = {
    env: {},
    platform: 'linux',
    cwd: folder,
    interactive: false,
    out: () => undefined,
    err: () => undefined,
    askSecret: () => Promise.reject(new Error('nobody is there')),
    stopped: () => new Promise(() => undefined),
    ...terminal,
  }
  return { terminal: asked, version: '0.0.0-test', home: folder, json: false, passphraseFile }
}

test('the passphrase comes from a file without its newline, from a person, or not at all', async () => {
  writeFileSync(join(folder, 'passphrase'), 'correct horse \r\n')
  expect(await askPassphrase(contextOf({}, 'passphrase'))).toBe('correct horse ')
  await expect(askPassphrase(contextOf({}, 'nothing'))).rejects.toMatchObject({ code: 'PASSPHRASE_FILE_UNREADABLE' })
  const person = contextOf({ interactive: true, askSecret: (question) => Promise.resolve(`typed at ${question}`) })
  expect(await askPassphrase(person)).toBe('typed at Passphrase: ')
  await expect(askPassphrase(contextOf({}))).rejects.toMatchObject({ code: 'PASSPHRASE_NEEDED' })
  expect([contextOf({}), person, contextOf({}, 'x')].map(canAskPassphrase)).toEqual([false, true, true])
})
