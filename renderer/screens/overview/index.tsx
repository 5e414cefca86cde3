// The first question is "is anything waiting for me?", the second "is everything safe?".
import { Page } from '#ui/components/page.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { greeting, longUtc } from '#ui/components/relative-time.ts'
import { StaleNote } from '#ui/components/stale-note.tsx'
import { useKeys } from '#ui/components/use-keys.ts'
import { useNowMs } from '#ui/components/when.tsx'
import { navigate } from '#ui/router.ts'
import { createOverviewStore, type OverviewState } from '#ui/store/overview-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { OverviewSkeleton, OverviewView } from './overview-view.tsx'

const selectOverview = (state: OverviewState) => state.overview
const selectRefresh = (state: OverviewState) => state.refresh

export function OverviewScreen() {
  const overview = useSteward(createOverviewStore, selectOverview)
  const refresh = useSteward(createOverviewStore, selectRefresh)
  const now = new Date(useNowMs())
  useKeys({ r: () => navigate('conflicts') })

  return (
    <Page title={greeting(now.getHours())} aside={longUtc(now.toISOString())}>
      {overview.state === 'loading' && <OverviewSkeleton />}
      {overview.state === 'failed' && <ProblemPanel problem={overview.problem} onRetry={() => void refresh()} />}
      {overview.state === 'ready' && (
        <>
          <StaleNote problem={overview.problem} onRetry={() => void refresh()} />
          <OverviewView overview={overview.value} />
        </>
      )}
    </Page>
  )
}
