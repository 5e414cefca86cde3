import { expect, test } from 'vitest'
import { isSamePolicy, policySentences, type AppState, type NetworkView, type Settings } from '#core/contract/index.ts'
import { createAppStore } from '#ui/store/app-store.ts'
import { createDiagnosticsStore } from '#ui/store/diagnostics-store.ts'
import { createExchangeStore } from '#ui/store/exchange-store.ts'
import { createFirstRunStore } from '#ui/store/first-run-store.ts'
import { createFolderStore, isUsable } from '#ui/store/folder-store.ts'
import { createKeyStore } from '#ui/store/key-store.ts'
import { createNetworkPolicyStore } from '#ui/store/network-policy-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { createSettingsStore } from '#ui/store/settings-store.ts'
import { at, HARBOR, os, problem, scratchApi, scratchChanges, until } from './scratch-api.ts'

const WORDS = ['otter', 'lamp', 'quiet', 'seven', 'moss', 'brick']
const PHRASE = Array.from({ length: 24 }, (_, place) => `word${place}`)
const READY: AppState = {
  phase: 'ready',
  version: '0.1.0',
  host: 'browser',
  sample: false,
  keychain: false,
  node: {
    id: HARBOR,
    name: 'harbor-lab',
    words: WORDS,
    createdAt: at('2026-01-01T00:00:00.000Z'),
    phraseConfirmed: true,
  },
  home: '/home/ada/steward',
}
const SETTINGS: Settings = {
  appearance: 'system',
  rescanSeconds: 300,
  notifications: { conflicts: true, pendingNodes: true, exchange: true },
  quietHours: null,
  undoSeconds: 10,
}

test('unlocking shows at once that signing is possible, and a wrong passphrase changes nothing', async () => {
  let phase: AppState['phase'] = 'locked'
  const api = scratchApi({
    app: { state: os.app.state.handler(() => ({ ...READY, phase })) },
    node: {
      unlock: os.node.unlock.handler(({ input }) => {
        if (input.passphrase !== 'right one') throw problem('WRONG_PASSPHRASE')
        phase = 'ready'
        return {}
      }),
    },
  })
  const store = createAppStore(api, scratchChanges())
  await until(store, ({ app }) => app.state === 'ready')
  await expect(store.getState().unlock('wrong one')).rejects.toMatchObject({ data: { code: 'WRONG_PASSPHRASE' } })
  expect(valueOf(store.getState().app)?.phase).toBe('locked')
  await store.getState().unlock('right one')
  expect(valueOf(store.getState().app)?.phase).toBe('ready')
})

test('what changed elsewhere is asked again; what did not is left alone', async () => {
  let asked = 0
  const changes = scratchChanges()
  const api = scratchApi({
    app: {
      state: os.app.state.handler(() => {
        asked += 1
        return { ...READY, version: `0.1.${asked}` }
      }),
    },
  })
  const store = createAppStore(api, changes)
  await until(store, ({ app }) => app.state === 'ready')
  changes.tell('receipts')
  changes.tell('app')
  await until(store, ({ app }) => valueOf(app)?.version === '0.1.2')
  expect(asked).toBe(2)
})

test('a setting is shown at once, and taken back with a reason where it could not be kept', async () => {
  let fails = false
  const api = scratchApi({
    settings: {
      get: os.settings.get.handler(() => SETTINGS),
      set: os.settings.set.handler(({ input }) => {
        if (fails) throw problem('DISK_FULL')
        return { ...SETTINGS, ...withoutUndefined(input) }
      }),
    },
  })
  const store = createSettingsStore(api, scratchChanges())
  await until(store, ({ settings }) => settings.state === 'ready')
  const changing = store.getState().change({ appearance: 'dark' })
  expect(valueOf(store.getState().settings)?.appearance).toBe('dark')
  await changing
  expect(store.getState().saveProblem).toBeNull()

  fails = true
  await store.getState().change({ undoSeconds: 30 })
  expect(valueOf(store.getState().settings)).toMatchObject({ appearance: 'dark', undoSeconds: 10 })
  expect(store.getState().saveProblem?.code).toBe('DISK_FULL')
})

test('a new node keeps its phrase in the window until the steward has seen it, and not longer', async () => {
  const api = scratchApi({
    node: {
      create: os.node.create.handler(() => ({ node: HARBOR, words: WORDS, phrase: PHRASE })),
      confirmPhrase: os.node.confirmPhrase.handler(({ input }) => ({
        ok: input.words.every(({ position, word }) => PHRASE[position] === word),
      })),
    },
  })
  const store = createFirstRunStore(api)
  await store
    .getState()
    .create({ name: 'harbor-lab', passphrase: 'long enough', exchange: null, networkName: null }, false)
  expect(store.getState().made).toMatchObject({ name: 'harbor-lab', phrase: PHRASE, joined: false })
  const asked = [0, 5, 23].map((position) => ({ position, word: `word${position}` }))
  expect(await store.getState().confirm(asked.with(1, { position: 5, word: 'wrong' }))).toBe(false)
  expect(await store.getState().confirm(asked)).toBe(true)
  store.getState().finish()
  expect(JSON.stringify(store.getState())).not.toContain('word5')
})

test('a node that could not be made says why and leaves the form', async () => {
  const api = scratchApi({
    node: {
      create: os.node.create.handler(() => {
        throw problem('EXCHANGE_UNAVAILABLE', 'The folder is gone.')
      }),
    },
  })
  const store = createFirstRunStore(api)
  await store.getState().create({ name: 'x', passphrase: 'long enough', exchange: '/x', networkName: 'n' }, false)
  expect(store.getState()).toMatchObject({ made: null, busy: null, problem: { happened: 'The folder is gone.' } })
})

test('a folder is judged before it is chosen, and only the judgement of the one that stands there counts', async () => {
  const api = scratchApi({
    exchange: {
      browse: os.exchange.browse.handler(({ input }) => ({
        folder: input.folder ?? '/home/ada',
        parent: '/home',
        folders: ['Sync'],
        more: 0,
      })),
      probe: os.exchange.probe.handler(({ input }) => ({
        exists: true,
        writable: input.folder !== '/read-only',
        empty: true,
        network: null,
        hint: null,
        problem: input.folder === '/read-only' ? 'Steward may not write into this folder.' : null,
      })),
    },
  })
  const store = createFolderStore(api)
  store.getState().pick('/read-only')
  store.getState().pick('/home/ada/Sync')
  const { probe } = await until(store, (state) => state.probe?.state === 'ready')
  expect(isUsable(probe)).toBe(true)

  store.getState().pick('/read-only')
  expect(isUsable(store.getState().probe)).toBe(false)
  await until(store, (state) => state.probe?.state === 'ready')
  expect(isUsable(store.getState().probe)).toBe(false)
  await store.getState().browse('/home/ada')
  expect(store.getState().folder).toBe('/home/ada')
})

test('a path that is typed and entered at once is looked at, and the list of folders follows it', async () => {
  const probed: string[] = []
  const api = scratchApi({
    exchange: {
      browse: os.exchange.browse.handler(({ input }) => {
        if (input.folder === '/home/ada/Syn') throw problem('FOLDER_UNREADABLE', 'The folder is not there.')
        return { folder: input.folder ?? '/home/ada', parent: '/home', folders: [], more: 0 }
      }),
      probe: os.exchange.probe.handler(({ input }) => {
        probed.push(input.folder)
        return { exists: true, writable: true, empty: true, network: null, hint: null, problem: null }
      }),
    },
  })
  const store = createFolderStore(api)
  const listed = () => {
    const { listing } = store.getState()
    return listing.state === 'ready' ? listing.value.folder : listing.state
  }
  await store.getState().browse(null)
  expect(listed()).toBe('/home/ada')

  store.getState().pick('/home/ada/Sync')
  await store.getState().browse('/home/ada/Sync')
  expect(isUsable(store.getState().probe)).toBe(true)
  expect(probed).toEqual(['/home/ada/Sync'])

  store.getState().pick('/media/stick')
  await until(store, ({ probe }) => probe?.state === 'ready')
  await until(store, () => listed() === '/media/stick')

  // What cannot be listed is asked about all the same, and the list stays where it was.
  await store.getState().browse('/home/ada/Syn')
  expect(store.getState().folder).toBe('/home/ada/Syn')
  expect(probed.at(-1)).toBe('/home/ada/Syn')
  expect(listed()).toBe('/media/stick')
})

test('a policy is told in sentences, signed, and read again', async () => {
  let signed = 0
  const view: NetworkView = {
    id: null,
    name: 'pilot',
    words: WORDS,
    policy: {
      decisionsNeeded: 1,
      admissionsNeeded: 2,
      freshness: [{ subject: 'a/*', maxAgeHours: 48 }],
      requireAnchor: ['b'],
    },
    policyHash: `sha256:${'0'.repeat(64)}` as NetworkView['policyHash'],
    proposed: [],
    fingerprint: `sha256:${'1'.repeat(64)}`,
    fingerprintWords: WORDS.slice(0, 4),
    admitted: 1,
    pending: 0,
  }
  const api = scratchApi({
    network: {
      get: os.network.get.handler(() => ({ ...view, admitted: 1 + signed })),
      signPolicy: os.network.signPolicy.handler(() => {
        signed += 1
        return { id: `sha256:${'2'.repeat(64)}` as never, inForce: false }
      }),
    },
  })
  const store = createNetworkPolicyStore(api, scratchChanges())
  await until(store, ({ network }) => network.state === 'ready')
  expect(policySentences(view.policy)).toEqual([
    'One steward is enough to settle a conflict.',
    '2 stewards must agree to admit a new node.',
    'Claims on a/* are stale after 2 days, once a newer one exists.',
    'Claims on b must name an anchor.',
  ])
  expect(isSamePolicy(view.policy, { ...view.policy, decisionsNeeded: 2 })).toBe(false)
  expect(await store.getState().sign({ ...view.policy, decisionsNeeded: 2 })).toBe(true)
  expect(store.getState().signed).toEqual({ inForce: false })
  expect(valueOf(store.getState().network)?.admitted).toBe(2)
})

test('the phrase that was shown again is forgotten with its dialog', async () => {
  const api = scratchApi({
    node: {
      phrase: os.node.phrase.handler(({ input }) => {
        if (input.passphrase !== 'right one') throw problem('WRONG_PASSPHRASE')
        return { phrase: PHRASE }
      }),
    },
  })
  const store = createKeyStore(api)
  await store.getState().showPhrase('wrong one')
  expect(store.getState()).toMatchObject({ phrase: null, problem: { code: 'WRONG_PASSPHRASE' } })
  await store.getState().showPhrase('right one')
  expect(store.getState().phrase).toEqual(PHRASE)
  store.getState().forget()
  expect(store.getState()).toMatchObject({ phrase: null, problem: null })
})

test('a check and a sync pass end in what they found, or in why they could not', async () => {
  const api = scratchApi({
    app: {
      doctor: os.app.doctor.handler(() => ({
        ok: false,
        checks: [{ name: 'Projections', ok: false, detail: 'They differ.' }],
      })),
    },
    exchange: {
      sync: os.exchange.sync.handler(() => {
        throw problem('EXCHANGE_UNAVAILABLE')
      }),
    },
  })
  const diagnostics = createDiagnosticsStore(api)
  await diagnostics.getState().runDoctor()
  expect(diagnostics.getState().doctor).toMatchObject({ state: 'done', value: { ok: false } })
  const exchange = createExchangeStore(api)
  await exchange.getState().syncNow()
  expect(exchange.getState().syncing).toMatchObject({ state: 'failed', problem: { code: 'EXCHANGE_UNAVAILABLE' } })
})

/** The contract's partial settings without the keys that are not set. */
function withoutUndefined(part: { [Key in keyof Settings]?: Settings[Key] | undefined }): Partial<Settings> {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))
}
