// Receipts: the table, the receipt that is open beside it, what was not merged, and signing a new one.
import { Button } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect } from 'react'
import type { Counters, ReceiptId, ReceiptSummary } from '#core/contract/index.ts'
import type { CopyRow } from '#ui/components/copy-rows.ts'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo, navigate, useRoute } from '#ui/router.ts'
import { createBundleStore, type BundleState } from '#ui/store/bundle-store.ts'
import { createReceiptsStore, receiptsNarrowed, type ReceiptsState } from '#ui/store/receipts-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useLive, useSteward } from '#ui/store/stores.tsx'
import { addressedReceipts } from './addressed-receipts.ts'
import { useColumnChoice } from './column-choice.ts'
import { NotMerged } from './not-merged.tsx'
import { columnsThatFit } from './receipt-columns.ts'
import { ReceiptDetail } from './receipt-detail.tsx'
import { ReceiptsTable } from './receipts-table.tsx'
import { ReceiptsToolbar } from './receipts-toolbar.tsx'
import { SignSheet } from './sign-sheet.tsx'
import { totalWords } from './total-words.ts'
import './receipts.css'

const wholeState = (state: ReceiptsState) => state
const selectOpenBundle = (state: BundleState) => state.open
const selectTroubles = ({ counters }: { counters: Counters | null }) => counters?.troubles ?? 0

/** Places of this section that are no receipt. */
const SIGN = 'sign'
const NOT_MERGED = 'not-merged'

export function ReceiptsScreen() {
  const { id, query } = useRoute()
  const receipts = useSteward(createReceiptsStore, wholeState)
  const openBundle = useSteward(createBundleStore, selectOpenBundle)
  const troubleCount = useLive(selectTroubles)
  const { show, setFilter, open } = receipts
  const notMerged = id === NOT_MERGED

  // The core answers NOT_FOUND to an address that names no receipt, and the pane says so.
  useEffect(() => show(id === null || id === SIGN || notMerged ? null : (id as ReceiptId)), [id, notMerged, show])
  useEffect(() => {
    // What the address of the form names is for the form.
    const asked = id === SIGN ? null : addressedReceipts(query)
    if (asked !== null) setFilter(asked)
  }, [id, query, setFilter])

  const close = () => navigate('receipts')
  return (
    <div className="rcs" data-open={open !== null || undefined}>
      <div className="rcs-main">
        <header className="rcs-head">
          <h1>Receipts</h1>
          <Total receipts={receipts} />
          <Why about={{ type: 'count', name: notMerged ? 'not-merged' : 'receipts' }} what="what is counted here" />
          <nav className="rcs-tabs" aria-label="Parts of receipts">
            <a href={hrefTo('receipts')} aria-current={notMerged ? undefined : 'page'}>
              In the ledger
            </a>
            <a href={hrefTo('receipts', NOT_MERGED)} aria-current={notMerged ? 'page' : undefined}>
              Not merged
              {troubleCount > 0 && <span className="rcs-count num">{grouped(troubleCount)}</span>}
            </a>
          </nav>
          <div className="rcs-acts">
            <Button
              leftSection={<Icon name="download" size={15} />}
              title="Import"
              onClick={() => openBundle('import')}
            >
              <span>Import</span>
            </Button>
            <Button leftSection={<Icon name="upload" size={15} />} title="Export" onClick={() => openBundle('export')}>
              <span>Export</span>
            </Button>
            <Button
              variant="filled"
              leftSection={<Icon name="plus" size={15} />}
              title="Sign a new receipt"
              onClick={() => navigate('receipts', SIGN)}
            >
              <span>Sign a new receipt</span>
            </Button>
          </div>
        </header>
        {notMerged ? (
          <NotMerged
            troubles={receipts.troubles}
            outcome={receipts.troubleOutcome}
            text={receipts.troubleText}
            nodes={valueOf(receipts.facets)?.nodes ?? []}
            onOutcome={receipts.setTroubleOutcome}
            onText={receipts.setTroubleText}
            onBytes={receipts.refused}
            onMore={receipts.loadMoreTroubles}
            onRetry={receipts.refresh}
          />
        ) : (
          <InLedger receipts={receipts} />
        )}
      </div>
      {open !== null && (
        <ReceiptDetail
          key={open.id}
          open={open}
          onClose={close}
          onRetry={receipts.reload}
          onCheckAgain={receipts.checkAgain}
          proof={receipts.proof}
        />
      )}
      {id === SIGN && <SignSheet onClose={close} />}
    </div>
  )
}

function Total({ receipts }: { readonly receipts: ReceiptsState }) {
  const words = totalWords(receipts, receiptsNarrowed(receipts.filter))
  if (receipts.list.state !== 'ready' || words === null) return null
  return (
    <span className="muted sm num nowrap" role="status">
      {words}
    </span>
  )
}

function InLedger({ receipts }: { readonly receipts: ReceiptsState }) {
  const { columns, setColumns } = useColumnChoice()
  const { ref, width } = useElementSize()
  return (
    <>
      <ReceiptsToolbar
        filter={receipts.filter}
        facets={valueOf(receipts.facets)}
        columns={columns}
        copyRows={() => copyRows(receipts)}
        onFilter={receipts.setFilter}
        onColumns={setColumns}
      />
      {receipts.selection.chosen.size > 0 && (
        <div className="rcs-selection" role="status">
          {grouped(receipts.selection.chosen.size)} selected; Copy takes these.{' '}
          <button className="link" onClick={receipts.clearSelection}>
            Clear
          </button>
        </div>
      )}
      <div className="rcs-list" ref={ref}>
        <List receipts={receipts} columns={columnsThatFit(columns, width)} />
      </div>
    </>
  )
}

function List({
  receipts,
  columns,
}: {
  readonly receipts: ReceiptsState
  readonly columns: ReturnType<typeof columnsThatFit>
}) {
  const { list, open, selection } = receipts
  switch (list.state) {
    case 'loading':
      return <ListSkeleton rows={12} label="Loading receipts" />
    case 'failed':
      return (
        <div className="rcs-note">
          <ProblemPanel problem={list.problem} onRetry={receipts.refresh} />
        </div>
      )
    case 'ready':
      if (list.items.length === 0) return <NoReceipts receipts={receipts} />
      return (
        <>
          {list.problem !== null && (
            <div className="rcs-note">
              <ProblemPanel problem={list.problem} onRetry={receipts.refresh} compact />
            </div>
          )}
          <ReceiptsTable
            items={list.items}
            columns={columns}
            sort={receipts.sort}
            place={JSON.stringify([receipts.sort, receipts.filter])}
            openId={open?.id ?? null}
            selected={selection.chosen}
            more={list.more}
            onSort={receipts.setSort}
            onOpen={(id) => navigate('receipts', id)}
            onSelect={(id, range) => (range ? receipts.selectTo(id) : receipts.select(id))}
            onEscape={() => (selection.chosen.size > 0 ? receipts.clearSelection() : navigate('receipts'))}
            onMore={receipts.loadMore}
            onShown={receipts.shown}
          />
        </>
      )
  }
}

function NoReceipts({ receipts }: { readonly receipts: ReceiptsState }) {
  return receiptsNarrowed(receipts.filter) ? (
    <EmptyState
      icon="filter"
      title="No receipt fits these filters"
      actions={<Button onClick={() => receipts.setFilter(NO_FILTERS)}>Take all filters off</Button>}
    />
  ) : (
    <EmptyState
      icon="receipts"
      title="No receipts yet"
      actions={
        <Button variant="filled" onClick={() => navigate('receipts', SIGN)}>
          Sign the first one
        </Button>
      }
    >
      A receipt is signed evidence of what a node did or saw. Yours appear here when you sign them, those of other nodes
      when the exchange folder brings them.
    </EmptyState>
  )
}

const NO_FILTERS = {
  node: undefined,
  kind: undefined,
  task: undefined,
  subject: undefined,
  anchor: undefined,
  from: undefined,
  to: undefined,
}

function copyRows({ list, selection }: ReceiptsState): readonly CopyRow[] {
  if (list.state !== 'ready') return []
  const { chosen } = selection
  return list.items.filter(({ id }) => chosen.size === 0 || chosen.has(id)).map(rowOf)
}

function rowOf({ id, node, nodeName, seq, time, kind, subject, task, state }: ReceiptSummary): CopyRow {
  return { id, node, nodeName, seq, time, kind, subject, task, state }
}
