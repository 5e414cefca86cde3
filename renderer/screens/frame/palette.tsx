// Ctrl/Cmd+K opens the palette. Its code comes once the first screen stands, so that it is there before anybody asks for it.
import { lazy, Suspense, useEffect, useState } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { onceCalm } from '#ui/components/after-first-paint.tsx'
import { createPaletteStore, type PaletteState } from '#ui/store/palette.ts'
import { useSteward } from '#ui/store/stores.tsx'

const read = () => import('./palette-window.tsx').then((m) => ({ default: m.PaletteWindow }))
const PaletteWindow = lazy(read)

const selectOpened = (state: PaletteState) => state.opened
const selectOpen = (state: PaletteState) => state.open

export function Palette({ app }: { readonly app: AppState }) {
  const opened = useSteward(createPaletteStore, selectOpened)
  const open = useSteward(createPaletteStore, selectOpen)
  const [wasOpened, setWasOpened] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [open])
  useEffect(() => onceCalm(() => void read()), [])
  if (opened && !wasOpened) setWasOpened(true)

  return (
    wasOpened && (
      <Suspense fallback={null}>
        <PaletteWindow app={app} />
      </Suspense>
    )
  )
}
