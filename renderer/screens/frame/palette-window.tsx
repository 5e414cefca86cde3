// Every action, and every receipt, conflict and node that the core finds for what is typed.
import { Modal } from '@mantine/core'
import { useEffect, useId, useState, type ReactNode } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Icon, type IconName } from '#ui/components/icon.tsx'
import { KeyHints } from '#ui/components/key-hints.tsx'
import { useReturnFocus } from '#ui/components/use-return-focus.ts'
import { navigate, type Section } from '#ui/router.ts'
import { createPaletteStore, rankActions, type Found, type PaletteState } from '#ui/store/palette.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { useActions, type Action } from './actions.ts'
import './palette.css'

const selectOpened = (state: PaletteState) => state.opened
const selectClose = (state: PaletteState) => state.close

/** The palette as it is opened. The focus goes back to where it was. */
export function PaletteWindow({ app }: { readonly app: AppState }) {
  const opened = useSteward(createPaletteStore, selectOpened)
  const close = useSteward(createPaletteStore, selectClose)
  useReturnFocus(opened)
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      returnFocus={false}
      centered={false}
      yOffset="12vh"
      size={620}
      // Whoever types on after Ctrl+K types into the field: it is there at once.
      transitionProps={{ duration: 0 }}
      classNames={{ content: 'palette' }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Find a receipt, conflict, peer or action">
        <Finder app={app} onDone={close} />
      </Modal.Content>
    </Modal.Root>
  )
}

interface Entry {
  readonly key: string
  readonly group: 'Found' | 'Actions'
  readonly icon: IconName
  readonly title: ReactNode
  readonly detail: ReactNode
  readonly run: () => void
}

const selectState = (state: PaletteState) => state

function Finder({ app, onDone }: { readonly app: AppState; readonly onDone: () => void }) {
  const { text, found, searching, problem, type } = useSteward(createPaletteStore, selectState)
  const actions = rankActions(useActions(app), text)
  const [at, setAt] = useState(0)
  const listId = useId()
  const entries = [...found.map(foundEntry), ...actions.map(actionEntry)]
  const current = Math.min(at, entries.length - 1)
  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [listId, current])

  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return
    onDone()
    entry.run()
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt(entries.length === 0 ? 0 : (current + 1) % entries.length),
    ArrowUp: () => setAt(entries.length === 0 ? 0 : (current - 1 + entries.length) % entries.length),
    Enter: () => run(entries[current]),
  }
  return (
    <>
      <div className="palette-search">
        <Icon name="search" size={16} />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries.length === 0 ? undefined : `${listId}-${current}`}
          aria-label="Find a receipt, conflict, peer or action"
          placeholder="Find a receipt, conflict, peer or action"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          ref={focusAtOnce}
          value={text}
          onChange={(event) => {
            setAt(0)
            type(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            const act = event.nativeEvent.isComposing ? undefined : keys[event.key]
            if (act === undefined) return
            event.preventDefault()
            act()
          }}
        />
      </div>
      <div className="palette-list" id={listId} role="listbox" aria-label="Results">
        {entries.map((entry, place) => (
          <Row
            key={entry.key}
            id={`${listId}-${place}`}
            entry={entry}
            first={entries[place - 1]?.group !== entry.group}
            current={place === current}
            onPoint={() => setAt(place)}
            onRun={() => run(entry)}
          />
        ))}
      </div>
      {entries.length === 0 && (
        <p className="palette-none sm muted" role="status">
          {problem !== null
            ? problem.happened
            : searching
              ? 'Looking…'
              : 'Nothing found. Try a path, a node’s name or the start of an id.'}
        </p>
      )}
      <div className="palette-foot">
        <KeyHints
          keys={[
            ['↑ ↓', 'move'],
            ['Enter', 'open'],
            ['Esc', 'close'],
          ]}
        />
      </div>
    </>
  )
}

function focusAtOnce(input: HTMLInputElement | null): void {
  input?.focus()
}

function Row({
  id,
  entry,
  first,
  current,
  onPoint,
  onRun,
}: {
  readonly id: string
  readonly entry: Entry
  readonly first: boolean
  readonly current: boolean
  readonly onPoint: () => void
  readonly onRun: () => void
}) {
  return (
    <>
      {first && (
        <div className="palette-group" role="presentation">
          {entry.group}
        </div>
      )}
      {/* The keys are answered by the field above, which keeps the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
      <div id={id} className="palette-row" role="option" aria-selected={current} onMouseMove={onPoint} onClick={onRun}>
        <Icon name={entry.icon} size={16} />
        <span className="palette-text">
          <span className="ellipsis">{entry.title}</span>
          {entry.detail !== null && <span className="palette-detail ellipsis">{entry.detail}</span>}
        </span>
      </div>
    </>
  )
}

const FOUND: Readonly<Record<Found['type'], { icon: IconName; section: Section; name: string }>> = {
  conflict: { icon: 'conflicts', section: 'conflicts', name: 'Conflict' },
  receipt: { icon: 'receipts', section: 'receipts', name: 'Receipt' },
  peer: { icon: 'network', section: 'network', name: 'Node' },
}

function foundEntry(found: Found): Entry {
  const { icon, section, name } = FOUND[found.type]
  return {
    key: `${found.type} ${found.id}`,
    group: 'Found',
    icon,
    title: <DataText text={found.title} limit={120} />,
    detail: (
      <>
        {name} · <DataText text={found.detail} limit={160} />
      </>
    ),
    run: () => navigate(section, found.id),
  }
}

function actionEntry(action: Action): Entry {
  return { key: action.id, group: 'Actions', icon: action.icon, title: action.title, detail: null, run: action.run }
}
