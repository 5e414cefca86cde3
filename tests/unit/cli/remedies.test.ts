// What is to be done is told so that it can be done in a terminal: nothing sends a steward into a window that they do not have.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { causes } from '#core/exchange/causes.ts'
import { StewardError } from '#core/problem/index.ts'
import { makePlace } from './command-line.ts'
import { problemOf } from '../../../core/hosts/cli/problems.ts'
import { terminalRemedy } from '../../../core/hosts/cli/remedies.ts'
import { lockHome } from '#core/hosts/machine/index.ts'

const IN_THE_WINDOW = /\b(in|under) (Settings|Conflicts|Network|Receipts|Overview|Reports|Bundles)\b|in this window/

test('what hinders the exchange is put right by commands', () => {
  for (const { code, remedy } of Object.values(causes)) {
    expect(terminalRemedy(code, remedy)).not.toMatch(IN_THE_WINDOW)
    expect(terminalRemedy(code, remedy)).toMatch(/\.$/)
  }
  expect(terminalRemedy('own-head-ahead', '')).toContain('`steward declare-head-lost`')
  expect(terminalRemedy('something-new', 'Wait.')).toBe('Wait.')
  expect(terminalRemedy(null, null)).toBeNull()
})

test('whatever the core says to do, or the command line has another word for it', () => {
  const core = fileURLToPath(new URL('../../../core/', import.meta.url))
  const told: string[] = []
  for (const file of globSync('**/*.ts', { cwd: core }).filter((name) => !/^(hosts|contract)\//.test(name))) {
    const source = readFileSync(core + file, 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
    for (const [, code = '', sentences = ''] of source.matchAll(/code: '([\w-]+)',((?:(?!code: ')[\s\S])*)/g)) {
      if (!IN_THE_WINDOW.test(sentences)) continue
      told.push(code)
      const problem = new StewardError({ code, happened: '', kept: '', remedy: 'The window’s own.' })
      expect([file, code, problemOf(problem).remedy]).not.toContain('The window’s own.')
    }
    // Whatever has no code is read as it stands, in the window and in a terminal.
    expect([file, IN_THE_WINDOW.exec(source.replaceAll(/code: '[\w-]+',((?!code: ')[\s\S])*/g, ''))?.[0]]).toEqual([
      file,
      undefined,
    ])
  }
  expect(told).toContain('HEAD_UNKNOWN')
})

test('a data folder that is in use is named, and the way into the page of who uses it', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const lock = await lockHome(place.home('ada'))
  const { err } = await place.runForPerson('ada', 'status')
  lock.release()
  expect(err).toContain(`Another Steward is running on the data folder ${place.home('ada')}.\n`)
  expect(err).toContain('`steward open`')
})
