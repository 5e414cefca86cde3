// The left pane: which conflicts wait, narrowed by chips and search, opened by a click or j and k, selected by x.
import { Button, Menu, TextInput } from '@mantine/core'
import type { RefObject } from 'react'
import type { ConflictFilter, ConflictId, ConflictKind, ConflictSort, ConflictSummary } from '#core/contract/index.ts'
import { CopyMenu } from '#ui/components/copy-menu.tsx'
import type { CopyRow } from '#ui/components/copy-rows.ts'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { FilterChips, type Chip } from '#ui/components/filter-chips.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { conflictKindWord } from '#ui/components/tag.tsx'
import { VirtualList } from '#ui/components/virtual-list.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import { type ConflictCounts, type ConflictFacets, narrowedBy } from '#ui/store/conflicts-store.ts'
import type { Pages } from '#ui/store/pages.ts'
import { CONFLICT_KINDS } from './conflict-kinds.ts'
import { CONFLICT_ROW_PX, ConflictRow, type RowMark } from './conflict-row.tsx'
import '#ui/components/list-pane.css'
import './conflict-queue.css'

export interface ConflictQueueProps {
  readonly queue: Pages<ConflictSummary>
  readonly counts: ConflictCounts | null
  readonly facets: ConflictFacets | null
  readonly filter: ConflictFilter
  readonly sort: ConflictSort
  readonly openId: ConflictId | null
  readonly selected: ReadonlySet<ConflictId>
  /** False while the key is locked: then nothing can be decided. */
  readonly maySign: boolean
  readonly markOf: (id: ConflictId) => RowMark
  readonly searchRef: RefObject<HTMLInputElement | null>
  readonly onFilter: (change: Partial<ConflictFilter>) => void
  readonly onSort: (sort: ConflictSort) => void
  readonly onOpen: (id: ConflictId) => void
  readonly onSelect: (id: ConflictId, range: boolean) => void
  readonly onClearSelection: () => void
  readonly onTogether: () => void
  readonly onMore: () => void
  readonly onShown: (upTo: number) => void
  readonly onRetry: () => void
}

export function ConflictQueue(props: ConflictQueueProps) {
  return (
    <aside className="cf-queue" aria-label="Conflicts">
      <QueueHead {...props} />
      <QueueList {...props} />
      {props.selected.size > 0 && (
        <div className="cf-selection" role="status">
          <span className="strong sm ellipsis">{grouped(props.selected.size)} selected</span>
          <Button
            size="xs"
            variant="filled"
            disabled={!props.maySign}
            onClick={props.onTogether}
            rightSection={<Kbd onAccent>T</Kbd>}
          >
            Decide together
          </Button>
          <Button size="xs" variant="subtle" onClick={props.onClearSelection}>
            Clear
          </Button>
        </div>
      )}
    </aside>
  )
}

function QueueHead(props: ConflictQueueProps) {
  const { counts, facets, filter, sort, queue, searchRef } = props
  return (
    <header className="cf-queue-head">
      <div className="cf-queue-title">
        <h1>Conflicts</h1>
        <span className="muted sm num ellipsis cf-queue-counts" role="status">
          {counts !== null && (
            <>
              <a className="link plain" href={hrefTo('conflicts', null, { status: 'open' })}>
                {grouped(counts.open)} open
              </a>
              ,{' '}
              <a className="link plain" href={hrefTo('conflicts', null, { status: 'settled' })}>
                {grouped(counts.settled)} settled
              </a>
            </>
          )}
        </span>
        <Why
          about={{ type: 'count', name: filter.status === 'settled' ? 'settled-conflicts' : 'open-conflicts' }}
          what="how conflicts are counted"
        />
        <span className="lp-list-tools">
          <CopyMenu what="conflicts" rows={() => (queue.state === 'ready' ? queue.items.map(rowOf) : [])} />
        </span>
      </div>
      <div className="cf-queue-search">
        <SearchField
          text={filter.subject ?? ''}
          inputRef={searchRef}
          onSearch={(subject) => props.onFilter({ subject })}
        />
        <SortMenu sort={sort} onSort={props.onSort} />
        <a
          className="cf-queue-rules"
          href={hrefTo('conflicts', 'rules')}
          title="Standing rules: what decides by itself where nodes differ"
        >
          Rules
        </a>
      </div>
      <FilterChips
        chips={chipsOf(filter, counts, facets)}
        onChange={(id, value) => props.onFilter(filterChange(id, value))}
      />
    </header>
  )
}

/** Asks while it is typed; the list keeps its old rows until the answer is here. */
function SearchField({
  text,
  inputRef,
  onSearch,
}: {
  readonly text: string
  readonly inputRef: RefObject<HTMLInputElement | null>
  readonly onSearch: (text: string | undefined) => void
}) {
  return (
    <TextInput
      ref={inputRef}
      size="xs"
      type="search"
      aria-label="Search in subjects"
      placeholder="Search in subjects"
      maxLength={512}
      data-keys="search"
      leftSection={<Icon name="search" size={13} />}
      rightSection={text === '' ? <Kbd>/</Kbd> : null}
      value={text}
      onChange={(event) => {
        const value = event.currentTarget.value
        onSearch(value === '' ? undefined : value)
      }}
    />
  )
}

function QueueList(props: ConflictQueueProps) {
  const { queue, filter } = props
  switch (queue.state) {
    case 'loading':
      return <ListSkeleton rows={6} label="Loading conflicts" />
    case 'failed':
      return (
        <div className="cf-queue-note">
          <ProblemPanel problem={queue.problem} onRetry={props.onRetry} compact />
        </div>
      )
    case 'ready':
      if (queue.items.length === 0) return <NothingHere filter={filter} onFilter={props.onFilter} />
      return (
        <div className="cf-queue-list">
          {queue.problem !== null && (
            <div className="cf-queue-note">
              <ProblemPanel problem={queue.problem} onRetry={props.onRetry} compact />
            </div>
          )}
          <VirtualList
            label="Conflicts"
            place={JSON.stringify([props.sort, filter])}
            role="grid"
            keys="focus"
            items={queue.items}
            keyOf={(item) => item.id}
            rowHeightPx={CONFLICT_ROW_PX}
            activeKey={props.openId}
            selected={props.selected}
            onToggle={(item) => props.onSelect(item.id, false)}
            onActive={(item) => props.onOpen(item.id)}
            onOpen={(item) => props.onOpen(item.id)}
            more={queue.more}
            onMore={props.onMore}
            onShown={props.onShown}
            renderRow={(item, row) => (
              <ConflictRow
                conflict={item}
                row={row}
                mark={props.markOf(item.id)}
                onSelect={(range) => props.onSelect(item.id, range)}
              />
            )}
          />
        </div>
      )
  }
}

function NothingHere({
  filter,
  onFilter,
}: {
  readonly filter: ConflictFilter
  readonly onFilter: ConflictQueueProps['onFilter']
}) {
  if (narrowedBy(filter) > 0) {
    return (
      <EmptyState
        icon="filter"
        title="No conflict fits these filters"
        actions={<Button onClick={() => onFilter(NO_FILTERS)}>Take all filters off</Button>}
      />
    )
  }
  return filter.status === 'settled' ? (
    <EmptyState icon="check" title="Nothing settled yet">
      What you or other stewards decide is listed here, and can be withdrawn by whoever signed it.
    </EmptyState>
  ) : (
    <EmptyState icon="check" title="Nothing to review">
      When nodes make claims that differ and no rule may settle them, they appear here.
    </EmptyState>
  )
}

const NO_FILTERS: Partial<ConflictFilter> = {
  severity: undefined,
  kinds: undefined,
  task: undefined,
  node: undefined,
  subject: undefined,
  overdue: undefined,
}

const SORTS: Readonly<Record<ConflictSort, string>> = {
  severity: 'Most severe first',
  newest: 'Newest first',
  oldest: 'Oldest first',
  subject: 'By subject',
}

function SortMenu({ sort, onSort }: { readonly sort: ConflictSort; readonly onSort: (sort: ConflictSort) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`Sort: ${SORTS[sort]}`}
          title={SORTS[sort]}
          leftSection={<Icon name="filter" size={14} />}
        >
          Sort
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(SORTS).map(([value, label]) => (
          <Menu.Item
            key={value}
            onClick={() => onSort(value as ConflictSort)} // the keys of SORTS are its sorts
            rightSection={value === sort ? <Icon name="check" size={14} /> : null}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function chipsOf(filter: ConflictFilter, counts: ConflictCounts | null, facets: ConflictFacets | null): Chip[] {
  const bySeverity = (severity: string) => counts?.openBySeverity[severity] ?? 0
  const several = filter.kinds ?? []
  return [
    {
      id: 'status',
      label: 'Open and settled',
      value: filter.status === 'all' ? null : filter.status,
      options: [
        { value: 'open', label: 'Open', count: counts?.open ?? 0 },
        { value: 'settled', label: 'Settled', count: counts?.settled ?? 0 },
      ],
      bare: true,
    },
    {
      id: 'severity',
      label: 'Severity',
      value: filter.severity === undefined ? null : String(filter.severity),
      options: [
        { value: '3', label: 'Harm or overdue', count: bySeverity('3') },
        { value: '2', label: 'Waits for a person', count: bySeverity('2') },
        { value: '1', label: 'Worth knowing', count: bySeverity('1') },
      ],
      bare: true,
    },
    { id: 'overdue', label: 'Overdue', value: filter.overdue === true ? 'on' : null },
    // Several at once come of a link.
    ...(several.length < 2 ? [] : [{ id: 'kinds', label: `${several.length} kinds`, value: 'on' }]),
    {
      id: 'kind',
      label: 'Kind',
      value: several.length === 1 ? (several[0] ?? null) : null,
      options: CONFLICT_KINDS.map((kind) => ({
        value: kind,
        label: conflictKindWord(kind),
        count: counts?.openByKind[kind] ?? 0,
      })),
    },
    {
      id: 'task',
      label: 'Task',
      value: filter.task ?? null,
      options: (facets?.tasks ?? []).map((task) => ({ value: task, label: task })),
    },
    {
      id: 'node',
      label: 'Node',
      value: filter.node ?? null,
      options: (facets?.nodes ?? []).map(({ node, name }) => ({ value: node, label: name })),
    },
  ]
}

/** The values are those of `chipsOf` above, so each fits the filter that it is for. */
function filterChange(id: string, value: string | null): Partial<ConflictFilter> {
  switch (id) {
    case 'status':
      return { status: (value ?? 'all') as ConflictFilter['status'] }
    case 'severity':
      return { severity: (value === null ? undefined : Number(value)) as ConflictFilter['severity'] }
    case 'overdue':
      return { overdue: value === null ? undefined : true }
    case 'kinds':
      return { kinds: undefined }
    case 'kind':
      return { kinds: value === null ? undefined : [value as ConflictKind] }
    case 'task':
      return { task: value ?? undefined }
    default:
      return { node: (value ?? undefined) as ConflictFilter['node'] }
  }
}

function rowOf(item: ConflictSummary): CopyRow {
  const { id, kind, severity, status, subject, task, since, title, memberCount } = item
  return { id, kind, severity, status, subject, task, since, title, claims: memberCount }
}
