// The left pane: make a report, sign a brief, and every report that was made.
import { Button } from '@mantine/core'
import type { ReportId, ReportSummary } from '#core/contract/index.ts'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { VirtualList } from '#ui/components/virtual-list.tsx'
import { When } from '#ui/components/when.tsx'
import type { Pages } from '#ui/store/pages.ts'
import type { Problem } from '#ui/store/problem.ts'
import type { Making } from '#ui/store/reports-store.ts'
import { counted, reportName } from './report-words.ts'

export interface ReportListProps {
  readonly reports: Pages<ReportSummary>
  readonly making: Making | null
  readonly makeProblem: Problem | null
  readonly openId: ReportId | null
  readonly onMake: () => void
  readonly onCancel: () => void
  readonly onBrief: () => void
  readonly onOpen: (id: ReportId) => void
  readonly onMore: () => void
  readonly onShown: (row: number) => void
  readonly onRetry: () => void
}

export function ReportList(props: ReportListProps) {
  const { making, makeProblem, onMake, onBrief } = props
  return (
    <aside className="lp-list" aria-label="Reports">
      <header className="lp-list-head">
        <h1>Reports</h1>
        <div className="rp-list-acts">
          <Button
            variant="filled"
            leftSection={<Icon name="plus" size={15} />}
            disabled={making !== null}
            onClick={onMake}
          >
            Make a report
          </Button>
          <Button variant="subtle" onClick={onBrief}>
            Sign a brief
          </Button>
        </div>
        {making !== null && <MakingNote making={making} onCancel={props.onCancel} />}
        {makeProblem !== null && <ProblemPanel problem={makeProblem} compact onRetry={onMake} />}
      </header>
      <div className="lp-list-rows">
        <Rows {...props} />
      </div>
    </aside>
  )
}

function MakingNote({ making, onCancel }: { readonly making: Making; readonly onCancel: () => void }) {
  const { what, done, total } = making
  const part = total === 0 ? null : Math.min(1, done / total)
  return (
    <div className="rp-making">
      <div className="rp-making-line">
        <span role="status" className="sm">
          {what}
          {total > 0 && (
            <span className="muted num"> {`${counted(done, 'of', 'of')} ${counted(total, 'receipt')}`}</span>
          )}
        </span>
        <Button size="compact-sm" variant="subtle" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      <progress className="rp-progress" aria-label={what} {...(part === null ? {} : { value: part })} max={1} />
    </div>
  )
}

function Rows({ reports, openId, onOpen, onMore, onShown, onRetry }: ReportListProps) {
  switch (reports.state) {
    case 'loading':
      return <ListSkeleton rows={4} label="Loading reports" />
    case 'failed':
      return <ProblemPanel problem={reports.problem} onRetry={onRetry} compact />
    case 'ready':
      if (reports.items.length === 0) return <p className="rp-none sm faint">None was made yet.</p>
      return (
        <VirtualList
          label="Reports that were made"
          place="newest first"
          items={reports.items}
          keyOf={(report) => report.id}
          rowHeightPx={72}
          activeKey={openId}
          onActive={(report) => onOpen(report.id)}
          onOpen={(report) => onOpen(report.id)}
          more={reports.more}
          onMore={onMore}
          onShown={onShown}
          renderRow={(report) => <Row report={report} />}
        />
      )
  }
}

function Row({ report }: { readonly report: ReportSummary }) {
  return (
    <div className="lp-row">
      <div className="lp-row-head">
        <Tag tone={report.recommendation === 'go' ? 'green' : 'amber'}>
          {report.recommendation === 'go' ? 'Go' : 'No-go'}
        </Tag>
        <span className="lp-row-name">{reportName(report.id).slice(0, 16)}</span>
        <span className="lp-row-age">
          <When at={report.asOf} short />
        </span>
      </div>
      <div className="lp-row-line sm muted">
        {report.openConflicts === 0 ? 'nothing open' : `${grouped(report.openConflicts)} open`}
        {`, ${counted(report.nodes, 'node')}, ${counted(report.receipts, 'receipt')}`}
        {report.latest && <span className="faint"> · latest</span>}
        {report.overridden && <span className="amber"> · overridden</span>}
      </div>
    </div>
  )
}
