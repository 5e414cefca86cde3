// Settings, diagnostics, and what is done with the key of a node that is there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place as CorePlace } from '#tests/kit/place.ts'
import { PASSPHRASE, makePlace, say } from './command-line.ts'
import { serve } from './served.ts'

test('settings are shown and changed one by one', async () => {
  await using place = new CorePlace()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  expect((await host.read('settings')).out).toMatch(/^appearance +system +how the window looks\nrescan-seconds +\d+ /)
  const change = async (name: string, value: string) => (await host.read('settings', name, value)).out
  expect(await change('appearance', 'dark')).toMatch(/^appearance +dark /)
  expect(await change('rescan-seconds', '60')).toMatch(/^rescan-seconds +60 /)
  expect(await change('undo-seconds', '0')).toMatch(/^undo-seconds +0 /)
  expect(await change('quiet-hours', '22:00-07:00')).toMatch(/^quiet-hours +22:00-07:00 /)
  expect(await change('notify-exchange', 'off')).toMatch(/^notify-exchange +off /)
  const { notifications } = await ada.steward.settings.get({})
  expect((await host.run('settings')).json).toEqual({
    appearance: 'dark',
    rescanSeconds: 60,
    undoSeconds: 0,
    quietHours: { from: '22:00', to: '07:00' },
    notifications: { ...notifications, exchange: false },
  })
  expect(await change('quiet-hours', 'off')).toMatch(/^quiet-hours +off /)
  expect((await host.read('settings', 'quiet-hours')).out).toMatch(/^quiet-hours +off +\S.*\n$/)
})

test.each([
  [['colour'], 'There is no setting colour.'],
  [['appearance', 'pink'], 'pink is no value for appearance.\nNothing was changed.\nGive system, light, dark.'],
  [['rescan-seconds', '1'], '1 is no value for rescan-seconds.'],
  [['undo-seconds', ''], 'Give whole seconds, 0 to 60.'],
  [['quiet-hours', 'at night'], 'at night is no value for quiet-hours.'],
  [['quiet-hours', '25:00-07:00'], 'Give them as 22:00-07:00, or `off`.'],
  [['notify-conflicts', 'yes'], 'Give `on` or `off`.'],
])('settings %j is refused, and it is said what can be given', async (words, sentence) => {
  await using place = new CorePlace()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const before = await ada.steward.settings.get({})
  const said = await host.read('settings', ...words)
  expect([said.code, said.out]).toEqual([2, ''])
  expect(said.err).toContain(sentence)
  expect(await ada.steward.settings.get({})).toEqual(before)
})

test('diagnostics are shown, or written to a new file', async () => {
  await using place = new CorePlace()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  expect((await host.run('diagnostics')).json).toMatchObject({ format: 'steward-diagnostics/1' })
  const path = join(place.folder, 'diagnostics.json')
  expect((await host.run('diagnostics', '--out', 'diagnostics.json')).json).toEqual({ path })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ format: 'steward-diagnostics/1' })
  expect((await host.read('diagnostics', '--out', path)).err).toContain('never written over')
})

test('the passphrase is changed from files or by a person, and the old one opens the key no more', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'Ada')
  const other = join(place.folder, 'other')
  writeFileSync(other, 'another long passphrase\n')
  const change = ['change-passphrase', '--new-passphrase-file', other]
  expect((await place.runWithKey('ada', 'change-passphrase')).json).toMatchObject({ error: { code: 'USAGE' } })
  expect(await place.runWithKey('ada', ...change)).toMatchObject({ code: 0, json: { changed: true } })
  expect((await place.runWithKey('ada', ...change)).code).toBe(2)

  const home = ['--home', place.home('ada')]
  const asked = [...home, 'change-passphrase']
  const differ = await say(asked, place.folder, ['another long passphrase', PASSPHRASE, 'something else'])
  expect(differ.err).toContain('The two passphrases are not the same.')
  const back = await say(asked, place.folder, ['another long passphrase', PASSPHRASE, PASSPHRASE])
  expect([back.code, back.out]).toEqual([0, 'The key is kept under the new passphrase now.\n'])
  expect((await place.runWithKey('ada', 'recovery-phrase')).code).toBe(0)
  const unasked = await place.runForPerson('ada', 'recovery-phrase')
  expect(unasked).toMatchObject({ code: 2, out: '' })
  expect(unasked.err).toContain('nobody is at the terminal to be asked.\nNothing was changed.\n')
})

test('a recovery phrase is confirmed by its file or by three words, and not where a word is wrong', async () => {
  using place = makePlace()
  const phraseFile = join(place.folder, 'phrase')
  await place.runWithKey('ada', 'init', '--name', 'Ada', '--recovery-phrase-file', phraseFile)
  const words = readFileSync(phraseFile, 'utf8').trim().split(' ')
  const confirm = (...more: readonly string[]) => place.runWithKey('ada', 'confirm-phrase', ...more)
  const confirmed = () =>
    (JSON.parse(readFileSync(join(place.home('ada'), 'node.json'), 'utf8')) as { phraseConfirmed: boolean })
      .phraseConfirmed // as the node keeps it

  expect((await confirm()).json).toMatchObject({ error: { code: 'USAGE' } })
  const copy = join(place.folder, 'copy')
  writeFileSync(copy, words.with(23, 'zebra').join('\n'))
  const wrong = await confirm('--phrase-file', copy)
  expect(wrong.json).toMatchObject({
    error: { code: 'PHRASE_WRONG', happened: `Not that of the recovery phrase: word 24 of ${copy}.` },
  })
  expect(wrong.out).not.toContain(words[23])
  writeFileSync(copy, words.slice(1).join(' '))
  expect((await confirm('--phrase-file', copy)).json).toMatchObject({ error: { code: 'PHRASE_WRONG' } })
  expect(confirmed()).toBe(false)
  expect(await confirm('--phrase-file', phraseFile)).toMatchObject({ code: 0, json: { confirmed: true } })
  expect(confirmed()).toBe(true)

  const guess = ['--home', place.home('ada'), 'confirm-phrase']
  const guessed = await say(guess, place.folder, [PASSPHRASE, 'zebra', 'zebra', 'zebra'])
  expect(guessed.err).toContain('One of the three words is not that of the recovery phrase.')
  const known = await say(guess, place.folder, (question) => {
    const [, number] = /^Word (\d+): $/.exec(question) ?? []
    return number === undefined ? PASSPHRASE : (words[Number(number) - 1] ?? '')
  })
  expect([known.code, known.out]).toEqual([0, 'The words are right: they bring the key back.\n'])
})
