import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { makePlace, say } from './command-line.ts'

const COMMANDS = [
  'init',
  'restore',
  'recovery-phrase',
  'confirm-phrase',
  'change-passphrase',
  'settings',
  'diagnostics',
  'declare-head-lost',
  'sign',
  'receipts',
  'receipt',
  'kinds',
  'anchors',
  'tasks',
  'task',
  'why',
  'sync',
  'status',
  'exchange',
  'troubles',
  'peers',
  'compare',
  'admit',
  'peer',
  'block',
  'unblock',
  'map',
  'states',
  'policy',
  'origins',
  'coverage',
  'conflicts',
  'show',
  'decide',
  'decide-alike',
  'withdraw',
  'rules',
  'doctor',
  'serve',
  'open',
  'export',
]

test('the help names every command, in groups, and every exit code', async () => {
  const { code, out } = await say(['--help'], tmpdir())
  expect(code).toBe(0)
  for (const command of COMMANDS) expect(out).toContain(`  ${command} `)
  for (const group of ['Your node', 'Receipts', 'Network', 'Conflicts', 'In and out'])
    expect(out).toContain(`\n${group}:\n`)
  for (const exit of ['0  done', '1  done', '2  could not', '3  a signature']) expect(out).toContain(exit)
})

test('help and version are one JSON value where JSON was asked for', async () => {
  expect(await say(['--json', '--version'], tmpdir())).toMatchObject({
    code: 0,
    json: { version: '0.0.0-test' },
    err: '',
  })
  for (const words of [['--help'], ['sign', '--help'], ['help', 'sign'], ['report', 'make', '--help']]) {
    const { out: help } = await say(words, tmpdir())
    expect(help).toMatch(/^Usage: steward/)
    expect(await say([...words, '--json'], tmpdir())).toMatchObject({ code: 0, json: { help }, err: '' })
  }
})

test('the help says of which commands the code 1 comes without being asked for, and of which it does not', async () => {
  const { out } = await say(['--help'], tmpdir())
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    '1 done, and something waits for a person: always with report make, report guard and reconcile; with conflicts, status, compare and states only where --exit-code is given',
  )
  for (const command of ['conflicts', 'status', 'compare'])
    expect((await say([command, '--help'], tmpdir())).out).toContain('--exit-code')
  for (const words of [['report', 'make'], ['report', 'guard'], ['reconcile']])
    expect((await say([...words, '--help'], tmpdir())).out).not.toContain('--exit-code')
})

test.each(COMMANDS)('the help of %s has an example and the options that every command takes', async (command) => {
  const { code, out } = await say([command, '--help'], tmpdir())
  expect(code).toBe(0)
  expect(out).toContain(`npm run -s steward -- ${command}`)
  for (const option of ['--home <dir>', '--json', '--passphrase-file <file>']) expect(out).toContain(option)
})

test.each([
  [[], 'Usage: steward'],
  [['bogus'], "Unknown command 'bogus'."],
  [['init'], "Required option '--name <name>' not specified."],
  [['sign', '--kind', 'evidence/observed'], "Required option '--subject <subject>' not specified."],
  [['show'], "Missing required argument 'conflict'."],
  [['status', '--bogus'], "Unknown option '--bogus'."],
  [['conflicts', '--status', 'lost'], 'Allowed choices are open, settled, all.'],
  [['decide', 'abcdef', '--pick', 'a', '--none', '--reason', ''], 'cannot be used with'],
  [['sign', '--kind', 'a/b', '--subject', 'c', '--body', '{}', '--file', 'd'], 'cannot be used with'],
])('%j is a usage problem: exit code 2, and one JSON value where asked for', async (words, sentence) => {
  const plain = await say(words, tmpdir())
  expect([plain.code, plain.out]).toEqual([2, ''])
  expect(plain.err).toContain(sentence)

  const asked = await say([...words, '--json'], tmpdir())
  expect(asked.code).toBe(2)
  expect(asked.json).toMatchObject({ error: { code: 'USAGE', kept: 'Nothing was changed.' } })
  expect(asked.err).toBe('')
})

test.each(COMMANDS.filter((command) => !['init', 'restore', 'serve'].includes(command)))(
  '%s without a node says so and makes no folder',
  async (command) => {
    using place = makePlace()
    const words: Record<string, string[]> = {
      sign: ['--kind', 'evidence/observed', '--subject', 'a', '--body', '{}'],
      admit: ['Ben'],
      compare: ['Ben'],
      peer: ['Ben'],
      task: ['pilot'],
      why: ['policy'],
      block: ['Ben'],
      unblock: ['Ben'],
      show: ['abcdef'],
      'decide-alike': ['--all', '--none'],
      receipt: ['abcdef'],
      decide: ['abcdef', '--none', '--reason', 'x'],
      withdraw: ['abcdef'],
      export: ['--out', place.home('out')],
    }
    const { code, json } = await place.runWithKey('ada', command, ...(words[command] ?? []))
    expect(code).toBe(2)
    expect(json).toMatchObject({ error: { code: command === 'open' ? 'NOT_RUNNING' : 'NO_NODE' } })
    expect(existsSync(place.home('ada'))).toBe(false)
  },
)
