// Reports: those that were made on the left, the open one or two compared on the right.
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import type { ReportFileName, ReportId, ReportSummary } from '#core/contract/index.ts'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { saveBlob } from '#ui/components/save-file.ts'
import { hrefTo, navigate, redirect, useRoute } from '#ui/router.ts'
import { createReportsStore, type ReportsState, type ReportView } from '#ui/store/reports-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { ComparePane } from './compare-pane.tsx'
import { BriefDialog, ExportDialog, OverrideDialog, RemoveDialog } from './dialogs.tsx'
import { ReportList } from './report-list.tsx'
import { ReportPane, TABS, type Tab } from './report-pane.tsx'
import { reportName } from './report-words.ts'
import { zippedReport } from './report-zip.ts'
import '#ui/components/list-pane.css'
import './reports.css'

const wholeState = (state: ReportsState) => state

export function ReportsScreen() {
  const { id, query } = useRoute()
  const state = useSteward(createReportsStore, wholeState)
  const [brief, setBrief] = useState(false)
  const { show, compare } = state
  const items = state.reports.state === 'ready' ? state.reports.items : NONE
  const newest = items[0]?.id ?? null

  useEffect(() => {
    // The core answers to an address that names no report, and the pane says so.
    const named = id as ReportId | null
    if (named === null && newest !== null) redirect('reports', newest)
    show(named)
    const other = query['with']
    compare(named === null || other === undefined ? null : inOrder(named, other as ReportId))
  }, [id, query, newest, show, compare])

  const make = async () => {
    const made = await state.make()
    if (made === null) return
    notifications.show({ message: `The report ${reportName(made)} is made.` })
    // Whoever has gone elsewhere meanwhile stays there.
    if (window.location.hash.startsWith('#/reports')) navigate('reports', made)
  }
  return (
    <div className="lp">
      <ReportList
        reports={state.reports}
        making={state.making}
        makeProblem={state.makeProblem}
        openId={state.open?.id ?? null}
        onMake={() => void make()}
        onCancel={state.cancel}
        onBrief={() => setBrief(true)}
        onOpen={(report) => navigate('reports', report)}
        onMore={state.loadMore}
        onShown={state.shown}
        onRetry={state.refresh}
      />
      <div className="lp-pane" role="region" aria-label="Report" tabIndex={0}>
        <Pane state={state} tab={TABS.find((tab) => tab === query['tab']) ?? 'figures'} />
      </div>
      {brief && (
        <BriefDialog
          onClose={() => setBrief(false)}
          onDraft={state.draftBrief}
          onSign={async (note) => {
            const published = await state.signBrief(note)
            notifications.show({
              message: published
                ? 'The brief is signed and lies in the exchange folder.'
                : 'The brief is signed; it is published as soon as the exchange folder can be written.',
            })
          }}
        />
      )}
    </div>
  )
}

const NONE: readonly ReportSummary[] = []

/** Names sort by the as-of time. */
function inOrder(a: ReportId, b: ReportId): { readonly from: ReportId; readonly to: ReportId } {
  return a < b ? { from: a, to: b } : { from: b, to: a }
}

function Pane({ state, tab }: { readonly state: ReportsState; readonly tab: Tab }) {
  const { open, compared, reports } = state
  if (compared !== null && open !== null) return <Compared id={open.id} compared={compared} />
  if (open === null) {
    return reports.state === 'ready' && reports.items.length === 0 ? <NoReport /> : null
  }
  switch (open.report.state) {
    case 'loading':
      return <ListSkeleton rows={8} label="Opening the report" />
    case 'failed':
      return <ProblemPanel problem={open.report.problem} onRetry={state.refresh} />
    case 'ready':
      return <Open key={open.id} report={open.report.value} tab={tab} state={state} />
  }
}

function NoReport() {
  return (
    <EmptyState icon="reports" title="Nothing was reported yet">
      A report says which nodes there are and what they agree about, what stands in the way and what to do about it, and
      whether to go on. Two nodes with the same receipts write the same bytes, so anybody can make it again and compare.
    </EmptyState>
  )
}

function Compared({
  id,
  compared,
}: {
  readonly id: ReportId
  readonly compared: NonNullable<ReportsState['compared']>
}) {
  const value = valueOf(compared.value)
  return (
    <div className="rp-report">
      <header className="rp-head">
        <div className="rp-head-line">
          <h2 className="rp-title">What changed</h2>
          <div className="rp-acts">
            <Button
              component="a"
              href={hrefTo('reports', id)}
              variant="subtle"
              leftSection={<Icon name="left" size={14} />}
            >
              Back to the report
            </Button>
          </div>
        </div>
        <p className="muted">
          From {reportName(compared.from)} to {reportName(compared.to)}.
        </p>
      </header>
      {compared.value.state === 'failed' && <ProblemPanel problem={compared.value.problem} />}
      {compared.value.state === 'loading' && <ListSkeleton rows={6} label="Comparing" />}
      {value !== null && <ComparePane compared={value} />}
    </div>
  )
}

function Open({
  report,
  tab,
  state,
}: {
  readonly report: ReportView
  readonly tab: Tab
  readonly state: ReportsState
}) {
  const [asked, setAsked] = useState<'export' | 'override' | 'remove' | null>(null)
  const { id } = report.summary
  const others = state.reports.state === 'ready' ? state.reports.items.filter((other) => other.id !== id) : NONE
  const read = (name: ReportFileName) => state.read(id, name)
  const close = () => setAsked(null)
  return (
    <>
      <ReportPane
        report={report}
        tab={tab}
        others={others}
        onExport={() => setAsked('export')}
        onOverride={() => setAsked('override')}
        onRemove={() => setAsked('remove')}
        onRead={read}
        shows={window.steward !== undefined}
        onFolder={() => void showFolder(report.folder)}
      />
      {asked === 'export' && (
        <ExportDialog
          suggested=""
          onClose={close}
          onCopy={async (folder) => {
            await state.exportTo(id, folder)
            notifications.show({ message: `The report is copied to ${folder}.` })
          }}
          onZip={async () => {
            const names = report.files.map((file) => file.name)
            saveBlob(`steward-report-${id}.zip`, await zippedReport(id, names, read))
          }}
        />
      )}
      {asked === 'override' && (
        <OverrideDialog
          report={report}
          onClose={close}
          onSign={async (verdict, reason) => {
            await state.override({ report: id, verdict, reason })
            notifications.show({ message: 'Signed. It stands in every report that is made from now on.' })
          }}
        />
      )}
      {asked === 'remove' && (
        <RemoveDialog
          onClose={close}
          onRemove={async () => {
            await state.remove(id)
            navigate('reports')
          }}
        />
      )}
    </>
  )
}

/** In the file manager where the shell can; a browser may not, so there the path is for the steward to paste. */
async function showFolder(folder: string): Promise<void> {
  const shell = window.steward
  if (shell !== undefined) {
    if (!(await shell.showReport(folder))) notifications.show({ message: 'The folder is not there any more.' })
    return
  }
  await navigator.clipboard.writeText(folder)
  notifications.show({ message: 'The path is copied.' })
}
