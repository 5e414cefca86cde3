import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import './theme/mantine.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './components/components.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { connect } from './store/connection.ts'
import { createOverviewStore } from './store/overview-store.ts'
import { createSettingsStore } from './store/settings-store.ts'
import { createStores, StoresProvider } from './store/stores.tsx'
import { cssVariables, theme } from './theme/theme.ts'
import { guardMarkup } from './trusted-types.ts'

guardMarkup()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

const stores = createStores(connect(window))
// Asked for with the first words on the wire, not when the frame that shows them is there.
stores.get(createOverviewStore)
stores.get(createSettingsStore)

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-right" autoClose={5_000} limit={3} />
      <StoresProvider stores={stores}>
        <App />
      </StoresProvider>
    </MantineProvider>
  </StrictMode>,
)

/** The host writes this load's nonce into the page; style-src names it for the few styles that Mantine makes at run time. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="steward-nonce"]')?.content ?? ''
}
