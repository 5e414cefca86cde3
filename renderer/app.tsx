// Which of the app's faces is shown: connecting, first run, locked, or the frame with a screen in it.
import { lazy, Suspense } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { ListSkeleton } from './components/list-skeleton.tsx'
import { useRoute, type Section } from './router.ts'
import { ConnectingScreen, FailedScreen, RefusedScreen } from './screens/connection/index.tsx'
import { FrameScreen } from './screens/frame/index.tsx'
import { OverviewScreen } from './screens/overview/index.tsx'
import { createAppStore, type AppStoreState } from './store/app-store.ts'
import { createFirstRunStore, type FirstRunState } from './store/first-run-store.ts'
import { useLookAround } from './store/look-around.ts'
import { useConnection, useSteward } from './store/stores.tsx'

const selectApp = (state: AppStoreState) => state.app
const selectUnkept = (state: FirstRunState) => state.made !== null
const selectRefresh = (state: AppStoreState) => state.refresh

export function App() {
  const connection = useConnection()
  const app = useSteward(createAppStore, selectApp)
  const refresh = useSteward(createAppStore, selectRefresh)

  if (connection.state === 'refused') return <RefusedScreen />
  switch (app.state) {
    case 'loading':
      return <ConnectingScreen />
    case 'failed':
      return <FailedScreen problem={app.problem} onRetry={() => void refresh()} />
    case 'ready':
      return <Open app={app.value} />
  }
}

const FirstRunScreen = lazy(() => import('./screens/first-run/index.tsx').then((m) => ({ default: m.FirstRunScreen })))

const UnlockScreen = lazy(() => import('./screens/unlock/index.tsx').then((m) => ({ default: m.UnlockScreen })))

function Open({ app }: { readonly app: AppState }) {
  const looking = useLookAround()
  // A node that was just made still has its phrase to show.
  const unkept = useSteward(createFirstRunStore, selectUnkept)
  if (app.phase === 'no-node' || unkept) {
    return (
      <Suspense fallback={<ConnectingScreen />}>
        <FirstRunScreen />
      </Suspense>
    )
  }
  if (app.phase === 'locked' && !looking) {
    return (
      <Suspense fallback={<ConnectingScreen />}>
        <UnlockScreen app={app} />
      </Suspense>
    )
  }
  return (
    <FrameScreen app={app}>
      <CurrentScreen />
    </FrameScreen>
  )
}

// The overview comes with the page; the others are read from disk when they are first opened.
const SCREENS: Readonly<Record<Section, React.ComponentType>> = {
  overview: OverviewScreen,
  conflicts: lazy(() => import('./screens/conflicts/index.tsx').then((m) => ({ default: m.ConflictsScreen }))),
  tasks: lazy(() => import('./screens/tasks/index.tsx').then((m) => ({ default: m.TasksScreen }))),
  receipts: lazy(() => import('./screens/receipts/index.tsx').then((m) => ({ default: m.ReceiptsScreen }))),
  network: lazy(() => import('./screens/network/index.tsx').then((m) => ({ default: m.NetworkScreen }))),
  reports: lazy(() => import('./screens/reports/index.tsx').then((m) => ({ default: m.ReportsScreen }))),
  settings: lazy(() => import('./screens/settings/index.tsx').then((m) => ({ default: m.SettingsScreen }))),
}

function CurrentScreen() {
  const { section } = useRoute()
  const Screen = SCREENS[section]
  return (
    <Suspense fallback={<ListSkeleton rows={6} label={`Opening ${section}`} />}>
      <Screen />
    </Suspense>
  )
}
