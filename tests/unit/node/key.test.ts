// The key of a node: who opens it, where it lies, and that it shows nowhere.
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { identityFromPhrase, secretOf } from '#core/identity/index.ts'
import type { Keychain } from '#core/node/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { memoryKeychain, Place, refusal } from '#tests/kit/place.ts'

const PASSPHRASE = 'correct horse battery staple'
const SIGNING = {
  kind: 'evidence/observed',
  subject: 'a',
  task: null,
  anchor: null,
  content: { type: 'body' as const, body: { v: 1 } },
}

async function withPassphrase(place: Place) {
  const ada = await place.core('ada', { keychain: null })
  const wish = { name: 'ada', passphrase: PASSPHRASE, exchange: place.exchange, networkName: 'pilot' }
  const { phrase } = await ada.steward.node.create(wish)
  await ada.restart()
  return { ada, phrase }
}

test('after a start the node reads but signs nothing until the passphrase opens its key, and a wrong one changes nothing', async () => {
  await using place = new Place()
  const { ada } = await withPassphrase(place)
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'LOCKED' })
  expect((await ada.sync()).exchange).toEqual({ state: 'idle', reason: null })

  expect(await refusal(ada.steward.node.unlock({ passphrase: 'wrong' }))).toMatchObject({ code: 'WRONG_PASSPHRASE' })
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
  await ada.steward.node.unlock({ passphrase: PASSPHRASE })
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
  await ada.steward.node.lock({})
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'LOCKED' })
})

test('a changed passphrase opens the key, the old one does not any more', async () => {
  await using place = new Place()
  const { ada } = await withPassphrase(place)
  const to = 'another long passphrase'
  expect(await refusal(ada.steward.node.changePassphrase({ from: 'wrong', to }))).toMatchObject({
    code: 'WRONG_PASSPHRASE',
  })
  await ada.steward.node.changePassphrase({ from: PASSPHRASE, to })
  expect(await refusal(ada.steward.node.unlock({ passphrase: PASSPHRASE }))).toMatchObject({ code: 'WRONG_PASSPHRASE' })
  await ada.steward.node.unlock({ passphrase: to })
  expect(statSync(join(ada.home, 'key.age')).mode & 0o777).toBe(0o600)
})

test('the recovery phrase is shown for the passphrase only, also while the key is open, and opens a node whose passphrase is lost', async () => {
  await using place = new Place()
  const { ada, phrase } = await withPassphrase(place)
  await ada.steward.node.unlock({ passphrase: PASSPHRASE })
  expect(await refusal(ada.steward.node.phrase({ passphrase: null }))).toMatchObject({ code: 'WRONG_PASSPHRASE' })
  expect((await ada.steward.node.phrase({ passphrase: PASSPHRASE })).phrase).toEqual(phrase)

  await ada.restart()
  const to = 'a new passphrase after all'
  const restored = { phrase: phrase.join(' '), name: 'ada', passphrase: to, exchange: null }
  expect(await ada.steward.node.restore(restored)).toMatchObject({ node: ada.id })
  // The ledger is here, so nothing has to be read back before it signs.
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
  await ada.restart()
  await ada.steward.node.unlock({ passphrase: to })

  const foreign = await place.core('eve')
  const eve = await foreign.steward.node.create({ name: 'eve', passphrase: null, exchange: null, networkName: null })
  const wrong = { ...restored, phrase: eve.phrase.join(' ') }
  expect(await refusal(ada.steward.node.restore(wrong))).toMatchObject({ code: 'NODE_EXISTS' })
})

test('three words are asked back; a wrong one is not taken', async () => {
  await using place = new Place()
  const ada = await place.core('ada')
  const wish = { name: 'ada', passphrase: null, exchange: null, networkName: null }
  const { phrase } = await ada.steward.node.create(wish)
  const words = (swap = '') => [0, 11, 23].map((position) => ({ position, word: swap || (phrase[position] ?? '') }))
  expect(await ada.steward.node.confirmPhrase({ words: words('zebra') })).toEqual({ ok: false })
  expect((await ada.steward.app.state({})).node?.phraseConfirmed).toBe(false)
  expect(await ada.steward.node.confirmPhrase({ words: words() })).toEqual({ ok: true })
  await ada.restart()
  expect((await ada.steward.app.state({})).node?.phraseConfirmed).toBe(true)
})

test('a keychain opens the key by itself and after a lock, seals it anew where it asks for that, and has no passphrase to change', async () => {
  await using place = new Place()
  const memory = memoryKeychain()
  let sealed = 0
  const keychain: Keychain = {
    seal: (secret) => {
      sealed++
      return memory.seal(secret)
    },
    open: async (bytes) => ({ ...(await memory.open(bytes)), reseal: true }),
  }
  const ada = await place.node('ada', { keychain })
  await ada.restart()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready', keychain: true })
  expect(sealed).toBe(2)
  await ada.steward.node.lock({})
  expect(await refusal(ada.steward.node.phrase({ passphrase: null }))).toMatchObject({ code: 'LOCKED' })
  await ada.steward.node.unlock({ passphrase: '' })
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
  const change = ada.steward.node.changePassphrase({ from: '', to: 'something long' })
  expect(await refusal(change)).toMatchObject({ code: 'NO_PASSPHRASE' })
})

test('a keychain that refuses leaves a node that reads, says so when asked, and the phrase is the way back', async () => {
  await using place = new Place()
  const memory = memoryKeychain()
  let refuses = false
  const keychain: Keychain = {
    seal: (secret) => memory.seal(secret),
    open: (bytes) => (refuses ? Promise.reject(new Error('keychain locked')) : memory.open(bytes)),
  }
  const ada = await place.core('ada', { keychain })
  const wish = { name: 'ada', passphrase: null, exchange: place.exchange, networkName: null }
  const { phrase } = await ada.steward.node.create(wish)
  refuses = true
  await ada.restart()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
  expect((await ada.sync()).exchange.state).toBe('idle')
  expect(await refusal(ada.steward.node.unlock({ passphrase: '' }))).toMatchObject({ code: 'KEYCHAIN_REFUSED' })

  const restored = { phrase: phrase.join(' '), name: 'ada', passphrase: PASSPHRASE, exchange: null }
  await ada.steward.node.restore(restored)
  await ada.restart()
  await ada.steward.node.unlock({ passphrase: PASSPHRASE })
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
})

test.each([
  ['under a passphrase', 'key.age', null],
  ['in the keychain', 'key.sealed', memoryKeychain()],
])('a key file that went away is asked for: %s', async (_where, file, keychain) => {
  await using place = new Place()
  const ada = await place.core('ada', { keychain })
  const passphrase = keychain === null ? PASSPHRASE : null
  await ada.steward.node.create({ name: 'ada', passphrase, exchange: null, networkName: null })
  await ada.stop()
  const bytes = readFileSync(join(ada.home, file))
  rmSync(join(ada.home, file))
  await ada.restart()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
  const told = await refusal(ada.steward.node.unlock({ passphrase: PASSPHRASE }))
  expect(told).toMatchObject({ happened: 'The key file is not in the data folder.' })
  writeFileSync(join(ada.home, file), bytes)
  await ada.steward.node.unlock({ passphrase: PASSPHRASE })
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
})

test('the key file of another node opens nothing here', async () => {
  await using place = new Place()
  const { ada } = await withPassphrase(place)
  const other = await place.core('other', { keychain: null })
  await other.steward.node.create({ name: 'other', passphrase: PASSPHRASE, exchange: null, networkName: null })
  copyFileSync(join(other.home, 'key.age'), join(ada.home, 'key.age'))
  const told = await refusal(ada.steward.node.unlock({ passphrase: PASSPHRASE }))
  expect(told).toEqual({ code: 'KEY_OF_ANOTHER_NODE', happened: 'The key file holds the key of another node.' })
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
})

test('a key that a keychain sealed stays closed where there is no keychain, and what a host says of its keychain is passed on', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const memory = ada.keychain
  await ada.stop()
  const closed: Keychain = {
    seal: (secret) => memoryKeychain().seal(secret),
    open: () =>
      Promise.reject(
        new StewardError({ code: 'KEYCHAIN_LOCKED', happened: 'It is locked.', kept: 'All.', remedy: 'Unlock it.' }),
      ),
  }
  const away = await place.core('ada', { keychain: null })
  expect(await refusal(away.steward.node.unlock({ passphrase: 'anything' }))).toMatchObject({
    code: 'KEYCHAIN_REFUSED',
  })
  await away.stop()
  const told = await place.core('ada', { keychain: closed })
  expect(await refusal(told.steward.node.unlock({ passphrase: '' }))).toEqual({
    code: 'KEYCHAIN_LOCKED',
    happened: 'It is locked.',
  })
  await told.stop()
  const back = await place.core('ada', { keychain: memory })
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'ready' })
})

test('neither key nor phrase nor passphrase appears in any file, answer, event, error or log', async () => {
  await using place = new Place()
  const told: unknown[] = []
  const written = vi.spyOn(process.stdout, 'write').mockImplementation((text) => told.push(text) > 0)
  const complained = vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(text) > 0)
  const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...said: unknown[]) => void told.push(...said)),
  )
  try {
    const ada = await place.core('ada', { keychain: null })
    const ending = new AbortController()
    const events = await ada.steward.app.changes({}, { signal: ending.signal })
    told.push(await events.next())
    const wish = { name: 'ada', passphrase: PASSPHRASE, exchange: place.exchange, networkName: 'pilot' }
    const { phrase, ...made } = await ada.steward.node.create(wish)
    const key = identityFromPhrase(phrase)
    told.push(made, await events.next(), key)
    await ada.sync()
    await ada.observe('a', { v: 1 })
    await ada.sync()
    const { steward } = ada
    told.push(
      await steward.app.state({}),
      await steward.app.overview({}),
      await steward.app.doctor({}),
      await steward.settings.diagnostics({}),
      await steward.network.get({}),
      await steward.receipts.list({ filter: {}, sort: 'newest', limit: 100 }),
      ...(await Promise.allSettled([
        steward.node.unlock({ passphrase: 'not the one' }),
        steward.node.changePassphrase({ from: 'not the one', to: 'long enough' }),
        steward.node.restore({ ...wish, phrase: `${phrase.slice(0, 23).join(' ')} zebra` }),
        steward.node.restore({ ...wish, phrase: phrase.slice(1).join(' ') }),
      ])),
    )
    ending.abort()
    await ada.stop()

    const pem = Buffer.from(secretOf(key)).toString('utf8')
    const seed = Buffer.from(pem.split('\n')[1] ?? '', 'base64').subarray(-32)
    const canaries = [
      seed,
      Buffer.from(seed.toString('hex')),
      Buffer.from(seed.toString('base64').slice(0, 40)),
      Buffer.from(seed.toString('base64url').slice(0, 40)),
      Buffer.from(pem.split('\n')[1] ?? ''),
      Buffer.from(phrase.slice(0, 3).join(' ')),
      Buffer.from(phrase.slice(20, 23).join(' ')),
      Buffer.from(JSON.stringify(phrase.slice(0, 3)).slice(1, -1)),
      Buffer.from(PASSPHRASE),
    ]
    const files = readdirSync(place.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    expect(files.length).toBeGreaterThan(5)
    const shown = Buffer.from(
      [...told, ...ada.bugs].map((said) => `${JSON.stringify(said)} ${inspect(said, { depth: 20 })}`).join('\n'),
    )
    for (const canary of canaries) {
      for (const file of files) expect([file, readFileSync(file).includes(canary)]).toEqual([file, false])
      expect(shown.includes(canary)).toBe(false)
    }
  } finally {
    for (const spy of [written, complained, ...consoles]) spy.mockRestore()
  }
})
