// The window: React, the component library, and the first screen.
import { MantineProvider } from '@mantine/core'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { AfterFirstPaint } from './components/after-first-paint.tsx'
import { StoresProvider, type Stores } from './store/stores.tsx'
import { cssVariables, theme } from './theme/theme.ts'

const Notifications = lazy(() => import('@mantine/notifications').then((m) => ({ default: m.Notifications })))

export function openWindow(stores: Stores): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <AfterFirstPaint>
          <Suspense fallback={null}>
            <Notifications position="bottom-right" autoClose={5_000} limit={3} />
          </Suspense>
        </AfterFirstPaint>
        <StoresProvider stores={stores}>
          <App />
        </StoresProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

/** The host writes this load's nonce into the page; style-src names it for the few styles that Mantine makes at run time. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="steward-nonce"]')?.content ?? ''
}
