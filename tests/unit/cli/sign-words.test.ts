// What `sign` refuses, and how. Commands go through a running host.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { disagreement } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'

test('a folder or a pipe in the place of a file is refused in a sentence, and nothing is signed', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await using host = await serve(ada)
  const folder = join(place.folder, 'a-folder')
  const pipe = join(place.folder, 'a-pipe')
  mkdirSync(folder)
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  for (const named of [folder, pipe, place.folder]) {
    const said = await host.read('sign', '--kind=evidence/observed', '--subject=a', `--file=${named}`)
    expect(said).toMatchObject({ code: 2, out: '' })
    expect(said.err).toBe(
      `${named} is no file.\nNothing was signed.\nName one file; a folder is taken by \`steward import\`.\n`,
    )
  }
})

test('what the contract refuses is named as it was typed, with an example and without the words of a library', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  await using host = await serve(ada)
  const [conflict] = await ada.conflicts('all')
  const claim = conflict?.members[0]?.receipt ?? ''
  const sign = ['sign', '--body={}']
  for (const [words, happened, example] of [
    [[...sign, '--subject=a', '--kind=BAD'], '--kind is words of small letters', '--kind evidence/observed'],
    [[...sign, '--kind=a/b', '--subject='], '--subject must not be empty.', '--subject reports/usage.json'],
    [[...sign, '--kind=a/b', '--subject=a', '--task='], '--task must not be empty.', '--task pilot'],
    [['decide', conflict?.id ?? '', '--several', claim], '--several needs at least 2.', 'there is --pick'],
    [
      ['decide', conflict?.id ?? '', '--none', `--reason=${'x'.repeat(5000)}`],
      '--reason takes at most 4000',
      '--reason "',
    ],
    [['conflicts', '--limit', '0'], '--limit must be at least 1.', '--limit 50'],
    [['conflicts', '--limit', '1e9'], '--limit must be at most 200.', '--limit 50'],
    [['conflicts', '--limit', 'many'], '--limit must be a number.', '--limit 50'],
    [['conflicts', '--limit', '1.5'], '--limit must be a whole number.', '--limit 50'],
    [['conflicts', '--after', 'x'.repeat(5000)], '--after takes at most 4096 characters.', 'the page before'],
    [['brief', `--note=${'x'.repeat(5000)}`], '--note takes at most 2000 characters.', 'shorter'],
    [
      ['sign', '--kind=plan/step', '--subject=a', '--body={"plan":"p","status":5}'],
      'The body does not fit plan/step: “step” is missing.',
      'Correct that field',
    ],
  ] as const) {
    const { code, out, err } = await host.read(...words)
    expect([words, code, out]).toEqual([words, 2, ''])
    expect(err).toContain(happened)
    expect(err).toContain(example)
    expect(err).not.toMatch(/Too (small|big)|Invalid|pattern|expected|received|\^\[/)
  }
})
