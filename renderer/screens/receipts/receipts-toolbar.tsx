// Above the table: search, filters as chips, which columns, copy.
import { Button, Checkbox, Menu, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import type { Instant, ReceiptFilter } from '#core/contract/index.ts'
import { CopyMenu } from '#ui/components/copy-menu.tsx'
import type { CopyRow } from '#ui/components/copy-rows.ts'
import { FilterChips, type Chip } from '#ui/components/filter-chips.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { dayAndMonth } from '#ui/components/relative-time.ts'
import { useKeys } from '#ui/components/use-keys.ts'
import type { ReceiptFacets } from '#ui/store/receipts-store.ts'
import { type ColumnId, RECEIPT_COLUMNS } from './receipt-columns.ts'

export interface ReceiptsToolbarProps {
  readonly filter: ReceiptFilter
  readonly facets: ReceiptFacets | null
  readonly columns: readonly ColumnId[]
  readonly copyRows: () => readonly CopyRow[]
  readonly onFilter: (change: Partial<ReceiptFilter>) => void
  readonly onColumns: (columns: readonly ColumnId[]) => void
}

export function ReceiptsToolbar(props: ReceiptsToolbarProps) {
  const { filter, facets, columns, onFilter } = props
  const search = useRef<HTMLInputElement>(null)
  const typed = filter.subject ?? ''
  const [since, setSince] = useState<string | null>(null)
  useKeys({ '/': () => search.current?.focus() })

  const onChip = (id: string, value: string | null) => {
    if (id === 'since') {
      setSince(value)
      onFilter({ from: value === null ? undefined : daysAgo(Number(value)), to: undefined })
    } else onFilter(filterChange(id, value))
  }
  return (
    <div className="rc-tools">
      <TextInput
        ref={search}
        className="rc-search"
        size="xs"
        type="search"
        aria-label="Search in subjects"
        placeholder="Search in subjects"
        maxLength={512}
        leftSection={<Icon name="search" size={13} />}
        rightSection={typed === '' ? <Kbd>/</Kbd> : null}
        value={typed}
        onChange={(event) => {
          const value = event.currentTarget.value
          onFilter({ subject: value === '' ? undefined : value })
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <FilterChips chips={chipsOf(filter, facets, since)} onChange={onChip} />
      <div className="rc-tools-end">
        <ColumnMenu columns={columns} onColumns={props.onColumns} />
        <CopyMenu what="receipts" rows={props.copyRows} />
      </div>
    </div>
  )
}

function ColumnMenu({
  columns,
  onColumns,
}: {
  readonly columns: readonly ColumnId[]
  readonly onColumns: (columns: readonly ColumnId[]) => void
}) {
  return (
    <Menu position="bottom-end" closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="columns" size={14} />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {RECEIPT_COLUMNS.map(({ id, title }) => {
          const shown = columns.includes(id)
          return (
            <Menu.Item
              key={id}
              disabled={id === 'subject'}
              leftSection={<Checkbox.Indicator size="xs" checked={shown} />}
              role="menuitemcheckbox"
              aria-checked={shown}
              onClick={() => onColumns(shown ? columns.filter((other) => other !== id) : [...columns, id])}
            >
              {title}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}

const DAY_MS = 86_400_000

/** To the day: a bound that moves with every click would ask for another list each time. */
function daysAgo(days: number): Instant {
  const day = Math.floor(Date.now() / DAY_MS) * DAY_MS
  // toISOString has the form of an Instant: UTC with exactly three decimals.
  return new Date(day - (days - 1) * DAY_MS).toISOString() as Instant
}

function chipsOf(filter: ReceiptFilter, facets: ReceiptFacets | null, since: string | null): readonly Chip[] {
  return [
    ...(filter.anchor === undefined
      ? []
      : [{ id: 'anchor', label: `Under anchor ${filter.anchor.slice(7, 15)}`, value: 'on' }]),
    ...(filter.arrivedFrom === undefined && filter.arrivedTo === undefined
      ? []
      : [{ id: 'arrived', label: arrivedWords(filter), value: 'on' }]),
    ...(filter.to === undefined ? [] : [{ id: 'signed', label: signedWords(filter), value: 'on' }]),
    {
      id: 'node',
      label: 'Node',
      value: filter.node ?? null,
      options: (facets?.nodes ?? []).map(({ node, name }) => ({ value: node, label: name })),
    },
    {
      id: 'kind',
      label: 'Kind',
      value: filter.kind ?? null,
      options: (facets?.kinds ?? []).map((kind) => ({ value: kind, label: kind })),
    },
    {
      id: 'task',
      label: 'Task',
      value: filter.task ?? null,
      options: (facets?.tasks ?? []).map((task) => ({ value: task, label: task })),
    },
    {
      id: 'since',
      label: 'Signed',
      value: filter.from === undefined || filter.to !== undefined ? null : since,
      options: [
        { value: '1', label: 'today' },
        { value: '7', label: 'last 7 days' },
        { value: '30', label: 'last 30 days' },
        { value: '365', label: 'last year' },
      ],
    },
  ]
}

/** "Arrived 10:00 to 12:00", with the day where that was not today; UTC, like every time here. */
function arrivedWords({ arrivedFrom, arrivedTo }: ReceiptFilter): string {
  const clock = (at: Instant | undefined) => (at === undefined ? '' : at.slice(11, 16))
  const day = (arrivedFrom ?? arrivedTo ?? '').slice(0, 10)
  const on = day === new Date().toISOString().slice(0, 10) ? '' : `, ${dayAndMonth(day)}`
  if (arrivedTo === undefined) return `Arrived since ${clock(arrivedFrom)}${on}`
  return `Arrived ${arrivedFrom === undefined ? 'before ' : `${clock(arrivedFrom)} to `}${clock(arrivedTo)}${on}`
}

/** "Signed 15 Nov to 22 Nov": to the day; both ends are part of the address. */
function signedWords({ from, to }: ReceiptFilter): string {
  const day = (at: Instant | undefined) => dayAndMonth((at ?? '').slice(0, 10))
  return from === undefined ? `Signed until ${day(to)}` : `Signed ${day(from)} to ${day(to)}`
}

/** The values are the options of `chipsOf`, so each fits the filter that it is for. */
function filterChange(id: string, value: string | null): Partial<ReceiptFilter> {
  switch (id) {
    case 'node':
      return { node: (value ?? undefined) as ReceiptFilter['node'] }
    case 'anchor':
      // It is set by a link and only taken off here.
      return { anchor: undefined }
    case 'arrived':
      return { arrivedFrom: undefined, arrivedTo: undefined }
    case 'signed':
      return { from: undefined, to: undefined }
    case 'kind':
      return { kind: value ?? undefined }
    default:
      return { task: value ?? undefined }
  }
}
