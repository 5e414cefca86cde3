// A long list of which only the visible rows exist. Rows have one height, so that scrolling never has to correct itself.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { useKeys } from './use-keys.ts'
import './virtual-list.css'

export interface RowState {
  readonly index: number
  readonly active: boolean
  readonly selected: boolean
}

export interface VirtualListProps<Item> {
  readonly label: string
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  readonly renderRow: (item: Item, row: RowState) => ReactNode
  readonly rowHeightPx: number
  /** The row that Enter opens; null while none is. */
  readonly activeKey: string | null
  readonly onActive: (item: Item) => void
  readonly onOpen: (item: Item) => void
  /** With `onToggle`, x selects rows. */
  readonly selected?: ReadonlySet<string>
  readonly onToggle?: (item: Item) => void
  readonly onEscape?: () => void
  /** Whether the core has more rows after these. */
  readonly more?: boolean
  readonly onMore?: () => void
  /** Up to which row it has been looked at; a refresh asks that far. */
  readonly onShown?: (upTo: number) => void
  /** Stands above the rows and stays; for a grid its cells are `columnheader`s in a `row`. */
  readonly header?: ReactNode
  /** A grid's rows hold `gridcell`s and may hold buttons; a listbox's rows are one thing to pick. */
  readonly role?: 'listbox' | 'grid'
  /** `screen`: j, k, Enter, x and Esc work wherever the focus is. `focus`: only when the list has it. */
  readonly keys?: 'screen' | 'focus'
  /** What the list shows, as its filters and order say: where it was scrolled to is kept while this stays, also when its screen is left. */
  readonly place: string
}

/** Where a list was left, by its label. */
const places = new Map<string, { readonly place: string; readonly offsetPx: number }>()

/** How many rows before the end the next page is asked for: enough that a fast scroll finds rows. */
const AHEAD = 60

export function VirtualList<Item>(props: VirtualListProps<Item>) {
  const { items, keyOf, activeKey, more = false, onMore, onShown, role = 'listbox', keys = 'screen' } = props
  const { label, place } = props
  const listId = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [left] = useState(() => {
    const last = places.get(label)
    return last !== undefined && last.place === place ? last.offsetPx : null
  })
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.rowHeightPx,
    overscan: 12,
    initialOffset: left ?? 0,
    getItemKey: (index) => {
      const item = items[index]
      return item === undefined ? index : keyOf(item)
    },
  })
  useEffect(
    () => () => void places.set(label, { place, offsetPx: virtualizer.scrollOffset ?? 0 }),
    [label, place, virtualizer],
  )
  const rows = virtualizer.getVirtualItems()
  const lastRow = rows.at(-1)?.index ?? 0

  useEffect(() => onShown?.(lastRow), [lastRow, onShown])
  useEffect(() => {
    if (more && lastRow >= items.length - AHEAD) onMore?.()
  }, [lastRow, items.length, more, onMore])

  const activeIndex = activeKey === null ? -1 : items.findIndex((item) => keyOf(item) === activeKey)
  const activeItem = items[activeIndex]
  const move = (by: number) => {
    const to = activeIndex === -1 ? (by > 0 ? 0 : items.length - 1) : clamp(activeIndex + by, items.length)
    const item = items[to]
    if (item === undefined) return
    props.onActive(item)
    virtualizer.scrollToIndex(to, { align: 'auto' })
  }
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / props.rowHeightPx) - 1)
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    PageDown: () => move(page),
    PageUp: () => move(-page),
    Home: () => move(-items.length),
    End: () => move(items.length),
    Enter: activeItem === undefined ? undefined : () => props.onOpen(activeItem),
    x: activeItem === undefined || props.onToggle === undefined ? undefined : () => props.onToggle?.(activeItem),
    Escape: props.onEscape,
  }
  useKeys(actions, keys === 'screen')

  // A deep link opens with its row in view; later the list follows the active row, but never rows that arrive or leave.
  const inView = useRef<string | null>(null)
  useEffect(() => {
    if (activeIndex === -1 || inView.current === activeKey) return
    virtualizer.scrollToIndex(activeIndex, {
      align: inView.current === null && left === null ? 'center' : 'auto',
    })
    inView.current = activeKey
  }, [activeIndex, activeKey, left, virtualizer])

  return (
    <div className="vlist">
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is listbox or grid */}
      <div
        ref={scroller}
        className="vlist-scroll"
        role={role}
        aria-label={props.label}
        aria-multiselectable={props.onToggle === undefined ? undefined : true}
        aria-activedescendant={activeIndex === -1 ? undefined : `${listId}-${activeIndex}`}
        aria-rowcount={role === 'grid' ? (more ? -1 : items.length) : undefined}
        tabIndex={0}
        onKeyDown={(event) => {
          if (keys !== 'focus' || event.target !== event.currentTarget) return
          if (event.ctrlKey || event.metaKey || event.altKey) return
          const action = actions[event.key as keyof typeof actions] // an unknown key has no action
          if (action === undefined) return
          event.preventDefault()
          action()
        }}
      >
        {props.header !== undefined && <div className="vlist-head">{props.header}</div>}
        <div
          className="vlist-space"
          role="presentation"
          style={{ height: virtualizer.getTotalSize() + (more ? props.rowHeightPx : 0) }}
        >
          {rows.map(({ index, start, key }) => {
            const item = items[index]
            if (item === undefined) return null
            const selected = props.selected?.has(keyOf(item)) ?? false
            const active = index === activeIndex
            return (
              // The list answers the keys for its rows; a row answers the pointer.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
              <div
                key={key}
                id={`${listId}-${index}`}
                className="vlist-row"
                role={role === 'grid' ? 'row' : 'option'}
                aria-selected={selected || (props.onToggle === undefined && active)}
                aria-rowindex={role === 'grid' ? index + 1 : undefined}
                aria-posinset={role === 'listbox' ? index + 1 : undefined}
                aria-setsize={role === 'listbox' ? (more ? -1 : items.length) : undefined}
                data-active={active || undefined}
                data-selected={selected || undefined}
                style={{ height: props.rowHeightPx, transform: `translateY(${start}px)` }}
                onClick={() => {
                  props.onActive(item)
                  props.onOpen(item)
                }}
              >
                {props.renderRow(item, { index, active, selected })}
              </div>
            )
          })}
          {more && (
            <div className="vlist-more" role="presentation" style={{ height: props.rowHeightPx }}>
              Loading more…
            </div>
          )}
        </div>
      </div>
    </div>
  )
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index))
}
