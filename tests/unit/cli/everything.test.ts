// What a steward can do in the window can be done in the terminal (F285): no procedure of the contract is forgotten in silence.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contract } from '#core/contract/index.ts'

const CLI = join(import.meta.dirname, '../../../core/hosts/cli')

/** Procedures that no command calls, each with the reason. */
const ONLY_WINDOW: Readonly<Record<string, string>> = {
  'app.changes': 'a stream that keeps a screen true; a command answers once, and a script asks again',
  'exchange.browse': 'folders to choose from where a host has no dialog; a shell completes paths itself',
  'exchange.cancel': 'stops a pass that goes on in the background; a command that syncs is stopped itself',
  'uploads.end': 'for content whose size is not known before; a file’s is',
  'uploads.cancel': 'for content that a person stops sending; nothing is kept of what no receipt names',
  'sample.create': 'a first look at the window, for as long as it is open; a terminal makes real nodes with init',
  'sample.remove': 'the other half of it',
}

function procedures(): string[] {
  return Object.entries(contract).flatMap(([part, of]) => Object.keys(of).map((name) => `${part}.${name}`))
}

/** Every `client.part.name(` in the sources of the command line. */
function calledByCommands(): Set<string> {
  const sources = readdirSync(CLI, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const text = sources.map((name) => readFileSync(join(CLI, name), 'utf8')).join('\n')
  return new Set(
    Array.from(text.matchAll(/\bclient\s*\.\s*(\w+)\s*\.\s*(\w+)\(/g), ([, part, name]) => `${part}.${name}`),
  )
}

test('whatever the contract offers can be done from the command line, but for a few things that only a window has', () => {
  const called = calledByCommands()
  expect(procedures().filter((name) => !called.has(name))).toEqual(
    procedures().filter((name) => Object.hasOwn(ONLY_WINDOW, name)),
  )
})

test('what only a window has is named with its reason while it is in the contract', () => {
  expect(Object.keys(ONLY_WINDOW).filter((name) => !procedures().includes(name))).toEqual([])
  for (const reason of Object.values(ONLY_WINDOW)) expect(reason).not.toBe('')
})
