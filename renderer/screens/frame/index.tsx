// Connects the frame: live counters, sync state, banners, the palette, and the appearance that the settings name.
import { useMantineColorScheme } from '@mantine/core'
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { Frame } from '#ui/components/frame.tsx'
import { TopBar } from '#ui/components/top-bar.tsx'
import { useNowMs } from '#ui/components/when.tsx'
import { useRoute } from '#ui/router.ts'
import type { LiveState } from '#ui/store/live.ts'
import { createOverviewStore, type OverviewState } from '#ui/store/overview-store.ts'
import { createPaletteStore, type PaletteState } from '#ui/store/palette.ts'
import { valueOf } from '#ui/store/resource.ts'
import { createSettingsStore, type SettingsState } from '#ui/store/settings-store.ts'
import { useConnection, useLive, useSteward } from '#ui/store/stores.tsx'
import { createWhyStore, type WhyState } from '#ui/store/why-store.ts'
import { BundleBanner, Bundles } from '../bundles/index.tsx'
import { PendingTray } from '../pending-tray/index.tsx'
import { Banners } from './banners.tsx'
import { Palette } from './palette.tsx'
import { syncPills } from './sync-pills.ts'
import { useNotices } from './use-notices.ts'

const selectCounters = (state: LiveState) => state.counters
const selectExchange = (state: LiveState) => state.exchange
const selectOverview = (state: OverviewState) => valueOf(state.overview)
const selectAsked = (state: WhyState) => state.asked !== null
const selectOpenPalette = (state: PaletteState) => state.open
const selectAppearance = (state: SettingsState) => valueOf(state.settings)?.appearance ?? null

export function FrameScreen({ app, children }: { readonly app: AppState; readonly children: ReactNode }) {
  const { section } = useRoute()
  const connection = useConnection()
  const counters = useLive(selectCounters)
  const exchange = useLive(selectExchange)
  const overview = useSteward(createOverviewStore, selectOverview)
  const openPalette = useSteward(createPaletteStore, selectOpenPalette)
  const nowMs = useNowMs()
  useAppearance()
  useTitle(counters?.openConflicts ?? 0)
  useNotices(app.host)

  return (
    <>
      <Frame
        section={section}
        node={app.node}
        counters={counters}
        top={<TopBar pills={syncPills({ connection, app, exchange, overview, nowMs })} onSearch={openPalette} />}
        banners={
          <>
            <Banners app={app} clockOffMs={overview?.clockOffMs ?? null} />
            <BundleBanner />
          </>
        }
      >
        {children}
      </Frame>
      <Bundles app={app} />
      <PendingTray />
      <WhyPanel />
      <Palette app={app} />
    </>
  )
}

// What it shows is asked for seldom, so its code comes with the first question.
const WhyDialog = lazy(() => import('../why/index.tsx').then((m) => ({ default: m.WhyDialog })))

function WhyPanel() {
  const asked = useSteward(createWhyStore, selectAsked)
  return asked ? (
    <Suspense>
      <WhyDialog />
    </Suspense>
  ) : null
}

/** The appearance is a setting of the node, so it holds in every window that opens it. */
function useAppearance(): void {
  const appearance = useSteward(createSettingsStore, selectAppearance)
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const wanted = appearance === 'system' ? 'auto' : appearance
  useEffect(() => {
    // Said once more it would draw everything anew and write it down again.
    if (wanted !== null && wanted !== colorScheme) setColorScheme(wanted)
  }, [wanted, colorScheme, setColorScheme])
}

/** The count in the tab or task bar, seen while the window is behind others. */
function useTitle(openConflicts: number): void {
  useEffect(() => {
    document.title = openConflicts > 0 ? `(${openConflicts}) Steward` : 'Steward'
  }, [openConflicts])
}
