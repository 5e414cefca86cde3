// Bundles, on every page: files may be dropped anywhere, and what is under way is told until it has ended.
import { Button } from '@mantine/core'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { Banner } from '#ui/components/banner.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { navigate } from '#ui/router.ts'
import { createBundleStore, isUnderWay, type BundleState } from '#ui/store/bundle-store.ts'
import { carriesFiles, chosenFrom, droppedFrom, type Dropped } from '#ui/store/dropped-files.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './drop.css'

// Read from disk when the first sheet opens.
const ExportSheet = lazy(() => import('./export-sheet.tsx').then((m) => ({ default: m.ExportSheet })))
const ImportSheet = lazy(() => import('./import-sheet.tsx').then((m) => ({ default: m.ImportSheet })))

const wholeState = (state: BundleState) => state

export function Bundles({ app }: { readonly app: AppState }) {
  const state = useSteward(createBundleStore, wholeState)
  const { sheet, hide, cancel } = state
  const dragged = useDrop((dropped) => void state.take(dropped))
  const putAway = (what: 'import' | 'export') => {
    hide()
    void cancel(what)
  }
  return (
    <>
      {dragged && (
        <div className="bundle-drop" aria-hidden="true">
          <div>
            <Icon name="download" size={34} />
            <b>Drop to see what is in it</b>
            <span>Nothing is written before you say so.</span>
          </div>
        </div>
      )}
      <Suspense fallback={null}>
        {sheet === 'import' && (
          <ImportSheet
            sending={state.sending}
            import={state.import}
            problem={state.problem}
            locked={app.phase !== 'ready'}
            choose={<Choose onChosen={(dropped) => void state.take(dropped)} />}
            onStart={() => void state.start()}
            onCancel={() => putAway('import')}
            onHide={hide}
            onShowConflicts={() => {
              putAway('import')
              navigate('conflicts')
            }}
            onShowReceipts={() => {
              putAway('import')
              navigate('receipts')
            }}
          />
        )}
        {sheet === 'export' && (
          <ExportSheet
            choices={state.choices}
            export={state.export}
            problem={state.problem}
            onWrite={(wish) => void state.write(wish)}
            onCancel={() => putAway('export')}
            onHide={hide}
          />
        )}
      </Suspense>
    </>
  )
}

/** One line above the page while an import or export goes on behind it, or has ended unseen. */
export function BundleBanner() {
  const state = useSteward(createBundleStore, wholeState)
  const { sheet, sending, open } = state
  const incoming = state.import
  const outgoing = state.export
  if (sheet === 'closed' && (sending !== null || incoming !== null)) {
    const name = sending?.name ?? incoming?.name ?? ''
    return (
      <Banner
        tone="tide"
        icon="download"
        action={
          <Button size="xs" onClick={() => open('import')}>
            Show
          </Button>
        }
      >
        <b>
          <DataText text={name} limit={80} />
        </b>{' '}
        {sending !== null ? 'is being read.' : IMPORT_WORDS[incoming?.step.state ?? 'reading']}
      </Banner>
    )
  }
  if (sheet === 'closed' && outgoing !== null) {
    return (
      <Banner
        tone="tide"
        icon="download"
        action={
          <Button size="xs" onClick={() => open('export')}>
            Show
          </Button>
        }
      >
        <b>Export:</b> {isUnderWay(state) ? 'the bundle is being written.' : 'it has ended.'}
      </Banner>
    )
  }
  return null
}

const IMPORT_WORDS = {
  reading: 'is being read.',
  refused: 'was refused.',
  ready: 'was read and waits for you.',
  importing: 'is being imported.',
  done: 'was imported.',
  cancelled: 'was cancelled.',
  failed: 'could not be imported.',
} as const

function Choose({ onChosen }: { readonly onChosen: (dropped: Dropped) => void }) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const chosen = (list: FileList | null) => {
    const dropped = chosenFrom(list ?? [])
    if (dropped !== null) onChosen(dropped)
  }
  return (
    <div className="bundle-choose-buttons">
      <input ref={files} type="file" multiple hidden onChange={(event) => chosen(event.currentTarget.files)} />
      <input
        ref={(element) => {
          folder.current = element
          // React does not know the attribute that lets a folder be chosen.
          element?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        hidden
        onChange={(event) => chosen(event.currentTarget.files)}
      />
      <Button onClick={() => files.current?.click()}>Choose files or a zip</Button>
      <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
    </div>
  )
}

/** True while files are dragged over the window. Only files: text is dragged within the page too. */
function useDrop(onDrop: (dropped: Dropped) => void): boolean {
  const [dragged, setDragged] = useState(false)
  const take = useRef(onDrop)
  useEffect(() => {
    take.current = onDrop
  })
  useEffect(() => {
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return
      event.preventDefault()
      depth++
      setDragged(true)
    }
    const over = (event: DragEvent) => {
      if (carriesFiles(event.dataTransfer)) event.preventDefault()
    }
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event.dataTransfer)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setDragged(false)
    }
    const drop = (event: DragEvent) => {
      depth = 0
      setDragged(false)
      // A field that takes files for itself has said so.
      if (event.defaultPrevented || event.dataTransfer === null || !carriesFiles(event.dataTransfer)) return
      event.preventDefault()
      const dropped = droppedFrom(event.dataTransfer, window.steward?.pathOf)
      if (dropped !== null) take.current(dropped)
    }
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragenter', enter)
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])
  return dragged
}
