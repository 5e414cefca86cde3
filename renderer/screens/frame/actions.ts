// Every action that the palette offers. A screen's own actions are found by their place: the address opens them.
import { useMantineColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import type { AppState } from '#core/contract/index.ts'
import type { IconName } from '#ui/components/icon.tsx'
import { navigate } from '#ui/router.ts'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { createBundleStore, type BundleState } from '#ui/store/bundle-store.ts'
import { createExchangeStore, type ExchangeStoreState } from '#ui/store/exchange-store.ts'
import { setLookAround } from '#ui/store/look-around.ts'
import type { PaletteAction } from '#ui/store/palette.ts'
import { createSettingsStore, type SettingsState } from '#ui/store/settings-store.ts'
import { useSteward } from '#ui/store/stores.tsx'

export type Action = PaletteAction & { readonly icon: IconName }

const selectLock = (state: AppStoreState) => state.lock
const selectChange = (state: SettingsState) => state.change
const selectOpenBundle = (state: BundleState) => state.open
const selectSync = (state: ExchangeStoreState) => state.syncNow

export function useActions(app: AppState): readonly Action[] {
  const lock = useSteward(createAppStore, selectLock)
  const change = useSteward(createSettingsStore, selectChange)
  const openBundle = useSteward(createBundleStore, selectOpenBundle)
  const syncNow = useSteward(createExchangeStore, selectSync)
  const { colorScheme } = useMantineColorScheme()
  const { phase } = app

  return useMemo(() => {
    const go = (id: string, icon: IconName, title: string, keywords: string, run: () => void): Action => ({
      id,
      icon,
      title,
      keywords,
      run,
    })
    const light = colorScheme === 'dark'
    return [
      go('conflicts', 'conflicts', 'Review conflicts', 'queue decide open waits', () => navigate('conflicts')),
      go('sign', 'plus', 'Sign a new receipt', 'create evidence observe file json', () => navigate('receipts', 'sign')),
      go('sync', 'sync', 'Sync now', 'publish read merge rescan folder', () => {
        navigate('network')
        void syncNow()
      }),
      go('import', 'download', 'Import receipts', 'bundle zip folder drop teof directory open file', () =>
        openBundle('import'),
      ),
      go('export', 'folder', 'Export a bundle', 'zip folder send steward lacks feeds content', () =>
        openBundle('export'),
      ),
      go('overview', 'overview', 'Go to the overview', 'home start safe', () => navigate('overview')),
      go('tasks', 'tasks', 'Browse tasks', 'plans steps missing receipts', () => navigate('tasks')),
      go('anchors', 'anchor', 'See the anchors', 'chain governance capsule stale', () =>
        navigate('network', 'anchors'),
      ),
      go('rules', 'rule', 'See the standing rules', 'automatic decide revoke', () => navigate('conflicts', 'rules')),
      go('receipts', 'receipts', 'Browse receipts', 'list ledger', () => navigate('receipts')),
      go('network', 'network', 'See the network', 'nodes peers admit pending heads map', () => navigate('network')),
      go('reports', 'reports', 'Browse the reports', 'make network report go no-go risks export brief', () =>
        navigate('reports'),
      ),
      go('troubles', 'warning', 'See what was refused or waits', 'quarantine held troubles bad signature gap', () =>
        navigate('receipts', 'not-merged'),
      ),
      go('settled', 'check', 'See settled conflicts', 'decisions history withdraw', () =>
        navigate('conflicts', null, { status: 'settled' }),
      ),
      go('exchange', 'folder', 'Change the exchange folder', 'syncthing dropbox usb stick', () =>
        navigate('settings', 'exchange'),
      ),
      go('policy', 'settings', 'Change the network policy', 'stewards quorum freshness anchor', () =>
        navigate('settings', 'policy'),
      ),
      go('phrase', 'key', 'Show the recovery phrase', 'backup words restore', () => navigate('settings', 'key')),
      go('doctor', 'check', 'Check the ledger', 'doctor rebuild integrity', () => navigate('settings', 'diagnostics')),
      go('diagnostics', 'download', 'Save a diagnostics file', 'report bug support', () =>
        navigate('settings', 'diagnostics'),
      ),
      go('settings', 'settings', 'Open the settings', 'preferences notifications appearance', () =>
        navigate('settings'),
      ),
      go(
        'scheme',
        'eye',
        light ? 'Use the light appearance' : 'Use the dark appearance',
        'theme dark light',
        () => void change({ appearance: light ? 'light' : 'dark' }),
      ),
      phase === 'locked'
        ? go('unlock', 'lock', 'Unlock', 'passphrase sign', () => setLookAround(false))
        : go('lock', 'lock', 'Lock', 'passphrase leave', () => void lock()),
    ]
  }, [colorScheme, phase, change, lock, openBundle, syncNow])
}
