// Settings: this node, its key, its folder, the network's policy, and how the window behaves.
import { useEffect } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { Page } from '#ui/components/page.tsx'
import { hrefTo, useRoute } from '#ui/router.ts'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { AppearanceSettings } from './appearance-settings.tsx'
import { DiagnosticsSettings } from './diagnostics-settings.tsx'
import { ExchangeSettings } from './exchange-settings.tsx'
import { KeySettings } from './key-settings.tsx'
import { NodeSettings } from './node-settings.tsx'
import { NoticeSettings } from './notice-settings.tsx'
import { PolicySettings } from './policy-settings.tsx'
import './settings.css'

const PARTS: readonly { readonly id: string; readonly name: string; readonly Part: React.ComponentType<PartProps> }[] =
  [
    { id: 'node', name: 'Node', Part: NodeSettings },
    { id: 'key', name: 'Key and recovery', Part: KeySettings },
    { id: 'exchange', name: 'Exchange folder', Part: ExchangeSettings },
    { id: 'policy', name: 'Network policy', Part: PolicySettings },
    { id: 'notices', name: 'Notices and deciding', Part: NoticeSettings },
    { id: 'appearance', name: 'Appearance', Part: AppearanceSettings },
    { id: 'diagnostics', name: 'Checks and diagnostics', Part: DiagnosticsSettings },
  ]

export interface PartProps {
  readonly app: AppState
}

const selectApp = (state: AppStoreState) => valueOf(state.app)

export function SettingsScreen() {
  const app = useSteward(createAppStore, selectApp)
  const { id } = useRoute()
  const open = PARTS.some((part) => part.id === id) ? id : 'node'
  useEffect(() => {
    if (id !== null) document.getElementById(`settings-${id}`)?.scrollIntoView({ block: 'start' })
  }, [id])

  if (app === null) return null // the frame is only shown once the app's state is known
  return (
    <Page title="Settings">
      <div className="settings">
        <nav className="settings-parts" aria-label="Parts of the settings">
          {PARTS.map((part) => (
            <a key={part.id} href={hrefTo('settings', part.id)} aria-current={part.id === open ? 'true' : undefined}>
              {part.name}
            </a>
          ))}
        </nav>
        <div className="settings-body">
          {PARTS.map(({ id: part, Part }) => (
            <div key={part} id={`settings-${part}`} className="settings-part">
              <Part app={app} />
            </div>
          ))}
        </div>
      </div>
    </Page>
  )
}
