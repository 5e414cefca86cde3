// Decisions that are not signed yet, on every page until they are.
import { lazy, Suspense, useEffect } from 'react'
import { createPendingStore, hasUnsigned, type PendingState } from '#ui/store/pending-decisions.ts'
import { useSteward } from '#ui/store/stores.tsx'

const OpenTray = lazy(() => import('./open-tray.tsx').then((m) => ({ default: m.OpenTray })))

const selectBatches = (state: PendingState) => state.batches

export function PendingTray() {
  const batches = useSteward(createPendingStore, selectBatches)
  useWarnBeforeLeaving(hasUnsigned(batches))
  return (
    batches.length > 0 && (
      <Suspense fallback={null}>
        <OpenTray />
      </Suspense>
    )
  )
}

/** The browser asks before it closes the page; what was not signed would otherwise be forgotten without a word. */
function useWarnBeforeLeaving(unsigned: boolean): void {
  useEffect(() => {
    if (!unsigned) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unsigned])
}
