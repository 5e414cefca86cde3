// The table of receipts. TanStack Table holds columns and rows; only the visible rows exist (VirtualList).
import {
  columnVisibilityFeature,
  createColumnHelper,
  type ColumnVisibilityState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import type { ReceiptId, ReceiptSummary } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { shortenId, ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { VirtualList } from '#ui/components/virtual-list.tsx'
import { When } from '#ui/components/when.tsx'
import type { ReceiptSort } from '#ui/store/receipts-store.ts'
import { gridTemplate, RECEIPT_COLUMNS, type ReceiptColumn, stateWords } from './receipt-columns.ts'
import './receipts-table.css'

export interface ReceiptsTableProps {
  readonly items: readonly ReceiptSummary[]
  readonly columns: readonly ReceiptColumn[]
  readonly sort: ReceiptSort
  /** Says what is listed, so that the table opens where it was left. */
  readonly place: string
  readonly openId: ReceiptId | null
  readonly selected: ReadonlySet<ReceiptId>
  readonly more: boolean
  readonly onSort: (sort: ReceiptSort) => void
  readonly onOpen: (id: ReceiptId) => void
  readonly onSelect: (id: ReceiptId, range: boolean) => void
  readonly onEscape: () => void
  readonly onMore: () => void
  readonly onShown: (upTo: number) => void
}

const ROW_PX = 38

const features = tableFeatures({ columnVisibilityFeature })
const helper = createColumnHelper<typeof features, ReceiptSummary>()

const columnDefs = helper.columns([
  helper.accessor('time', { id: 'time', cell: ({ row }) => <When at={row.original.time} short /> }),
  helper.accessor('nodeName', { id: 'node', cell: ({ row }) => <DataText text={row.original.nodeName} limit={64} /> }),
  helper.accessor('seq', { id: 'seq', cell: ({ row }) => `#${grouped(row.original.seq)}` }),
  helper.accessor('kind', { id: 'kind', cell: ({ row }) => <Kind receipt={row.original} /> }),
  helper.accessor('subject', { id: 'subject', cell: ({ row }) => <Subject receipt={row.original} /> }),
  helper.accessor('task', {
    id: 'task',
    cell: ({ row }) => (row.original.task === null ? null : <DataText text={row.original.task} limit={160} />),
  }),
  helper.accessor('state', { id: 'state', cell: ({ row }) => <StateTag state={row.original.state} /> }),
  helper.accessor('id', { id: 'id', cell: ({ row }) => <ShortId value={row.original.id} /> }),
])

export function ReceiptsTable(props: ReceiptsTableProps) {
  const { items, columns } = props
  const columnVisibility = useMemo<ColumnVisibilityState>(
    () => Object.fromEntries(RECEIPT_COLUMNS.map(({ id }) => [id, columns.some((column) => column.id === id)])),
    [columns],
  )
  const table = useTable({
    features,
    columns: columnDefs,
    data: items,
    state: { columnVisibility },
  })
  const { rows } = table.getRowModel()
  const template = gridTemplate(columns)
  const showsStates = columns.some(({ id }) => id === 'state')

  return (
    <VirtualList
      label="Receipts"
      place={props.place}
      role="grid"
      items={rows}
      keyOf={(row) => row.original.id}
      rowHeightPx={ROW_PX}
      activeKey={props.openId}
      selected={props.selected}
      onToggle={(row) => props.onSelect(row.original.id, false)}
      onActive={(row) => props.onOpen(row.original.id)}
      onOpen={(row) => props.onOpen(row.original.id)}
      onEscape={props.onEscape}
      more={props.more}
      onMore={props.onMore}
      onShown={props.onShown}
      header={<Head columns={columns} template={template} sort={props.sort} onSort={props.onSort} />}
      renderRow={(row, { selected }) => (
        <div className="rc-row" data-states={showsStates || undefined} style={{ gridTemplateColumns: template }}>
          <span role="gridcell">
            <input
              type="checkbox"
              className="rc-box"
              tabIndex={-1}
              aria-label={`Select receipt #${row.original.seq} of ${row.original.nodeName}`}
              checked={selected}
              onChange={() => undefined}
              onClick={(event) => {
                event.stopPropagation()
                props.onSelect(row.original.id, event.shiftKey)
              }}
            />
          </span>
          {row.getVisibleCells().map((cell) => (
            // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- the cell's text is its label
            <span key={cell.id} role="gridcell" className="ellipsis" data-column={cell.column.id}>
              <table.FlexRender cell={cell} />
            </span>
          ))}
        </div>
      )}
    />
  )
}

function Head({
  columns,
  template,
  sort,
  onSort,
}: {
  readonly columns: readonly ReceiptColumn[]
  readonly template: string
  readonly sort: ReceiptSort
  readonly onSort: (sort: ReceiptSort) => void
}) {
  return (
    <div className="rc-head" role="row" style={{ gridTemplateColumns: template }}>
      <span role="columnheader">
        <span className="visually-hidden">Selected</span>
      </span>
      {columns.map(({ id, title }) =>
        id === 'time' ? (
          <span key={id} role="columnheader" aria-sort={sort === 'newest' ? 'descending' : 'ascending'}>
            <button
              type="button"
              className="rc-sort"
              title={sort === 'newest' ? 'Newest first' : 'Oldest first'}
              onClick={() => onSort(sort === 'newest' ? 'oldest' : 'newest')}
            >
              {title} <Icon name={sort === 'newest' ? 'down' : 'up'} size={11} />
            </button>
          </span>
        ) : (
          <span key={id} role="columnheader" data-column={id}>
            {title}
          </span>
        ),
      )}
    </div>
  )
}

/** What of a name's end stays in sight: what kind of file it is, and a little more. */
const KEPT_END = 12
/** A path no longer than this is never cut. */
const SHORT_PATH = 4

/** Why a receipt does not count stands here too, since the column of the states gives way where there is little room. */
function Subject({ receipt: { subject, state } }: { readonly receipt: ReceiptSummary }) {
  const cut = subject.lastIndexOf('/') + 1
  const name = subject.startsWith('did:key:') ? shortenId(subject) : subject.slice(cut)
  const end = Math.max(0, name.length - KEPT_END)
  return (
    <span className="rc-subject" title={subject}>
      {state !== 'merged' && (
        <span className="rc-subject-state">
          <StateTag state={state} />
        </span>
      )}
      {cut > 0 && (
        <span className="rc-subject-path faint ellipsis" data-long={cut > SHORT_PATH || undefined}>
          <DataText text={subject.slice(0, cut)} limit={300} />
        </span>
      )}
      <span className="rc-subject-name ellipsis">
        <DataText text={name.slice(0, end)} limit={300} />
      </span>
      <span className="rc-subject-end">
        <DataText text={name.slice(end)} />
      </span>
    </span>
  )
}

function Kind({ receipt }: { readonly receipt: ReceiptSummary }) {
  return (
    <>
      <span className="mono">{receipt.kind}</span>
      {!receipt.kindKnown && (
        <span className="faint" title="This version does not know the kind: kept and passed on, without effect here.">
          {' '}
          (unknown)
        </span>
      )}
    </>
  )
}

function StateTag({ state }: { readonly state: ReceiptSummary['state'] }) {
  const words = stateWords(state)
  if (words === null) return <span className="faint">merged</span>
  return (
    <span title={words.why}>
      <Tag tone={words.tone}>{words.word}</Tag>
    </span>
  )
}
