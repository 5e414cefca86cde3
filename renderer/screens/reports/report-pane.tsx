// One report open: its verdict, what can be done with it, and three ways to read it.
import { Button, Menu } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { ReportFileName, ReportId, ReportSummary } from '#core/contract/index.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { Words } from '#ui/components/words.tsx'
import { hrefTo } from '#ui/router.ts'
import type { ReportView } from '#ui/store/reports-store.ts'
import { ReportFigures } from './report-figures.tsx'
import { ReportFiles } from './report-files.tsx'
import { counted, reportName, verdictWords } from './report-words.ts'

export const TABS = ['figures', 'text', 'files'] as const
export type Tab = (typeof TABS)[number]

const TAB_WORDS: Readonly<Record<Tab, string>> = { figures: 'Figures', text: 'Text', files: 'Files' }

// The Markdown reader comes with the first text that is read.
const ReportText = lazy(() => import('./report-text.tsx').then((m) => ({ default: m.ReportText })))

export function ReportPane({
  report,
  tab,
  others,
  onExport,
  onOverride,
  onRemove,
  onRead,
  shows,
  onFolder,
}: {
  readonly report: ReportView
  readonly tab: Tab
  /** Reports that it can be compared with, the newest first. */
  readonly others: readonly ReportSummary[]
  readonly onExport: () => void
  readonly onOverride: () => void
  readonly onRemove: () => void
  readonly onRead: (name: ReportFileName) => Promise<string>
  /** True where the file manager can be opened at the folder; otherwise its path is copied. */
  readonly shows: boolean
  readonly onFolder: () => void
}) {
  const { summary, facts, markdown } = report
  const { recommendation } = facts
  return (
    <div className="rp-report">
      <header className="rp-head">
        <div className="rp-head-line">
          <Tag tone={recommendation.effective === 'go' ? 'green' : 'amber'}>{verdictWords(recommendation)}</Tag>
          <h2 className="rp-title">{reportName(summary.id)}</h2>
          <div className="rp-acts">
            <CompareMenu id={summary.id} others={others} />
            <Button leftSection={<Icon name="download" size={15} />} onClick={onExport}>
              Export
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="subtle" aria-label="More to do with this report" px={8}>
                  <Icon name="more" size={16} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={onOverride}>
                  {recommendation.computed === 'go' ? 'Recommend no-go…' : 'Recommend go all the same…'}
                </Menu.Item>
                <Menu.Item onClick={onFolder}>{shows ? 'Show its folder' : 'Copy the path of its folder'}</Menu.Item>
                <Menu.Item onClick={onRemove}>Remove…</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </div>
        </div>
        <p className="muted">
          {sentence(report)} Fingerprint{' '}
          <b>
            <Words words={facts.network.fingerprintWords} />
          </b>
          .
        </p>
        <nav className="rp-tabs" aria-label="Ways to read it">
          {TABS.map((name) => (
            <a
              key={name}
              href={hrefTo('reports', summary.id, name === 'figures' ? {} : { tab: name })}
              aria-current={name === tab ? 'page' : undefined}
            >
              {TAB_WORDS[name]}
            </a>
          ))}
        </nav>
      </header>
      {tab === 'figures' && <ReportFigures facts={facts} />}
      {tab === 'text' && (
        <Suspense fallback={<ListSkeleton rows={8} label="Opening the text" />}>
          <ReportText markdown={markdown} />
        </Suspense>
      )}
      {tab === 'files' && (
        <ReportFiles key={summary.id} report={report} onRead={onRead} shows={shows} onFolder={onFolder} />
      )}
    </div>
  )
}

function sentence({ facts: { recommendation, blockers, counts, conflicts } }: ReportView): string {
  const { computed, effective, reasons } = recommendation
  const what = `${counted(counts.nodes, 'node')}, ${counted(counts.merged, 'receipt')}, ${conflicts.open === 0 ? 'nothing open' : `${counted(conflicts.open, 'conflict')} open`}.`
  if (effective !== computed) return `A steward recommends ${effective} where the report computes ${computed}. ${what}`
  if (computed === 'go') return `Every criterion that could be measured is met. ${what}`
  return `${counted(reasons.length, 'criterion is', 'criteria are')} not met${blockers.total === 0 ? '' : `, ${counted(blockers.total, 'thing stands', 'things stand')} in the way`}. ${what}`
}

function CompareMenu({ id, others }: { readonly id: ReportId; readonly others: readonly ReportSummary[] }) {
  if (others.length === 0) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" rightSection={<Icon name="down" size={13} />}>
          Compare with
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
        {others.map((other) => (
          <Menu.Item key={other.id} component="a" href={hrefTo('reports', id, { with: other.id })}>
            <span className="num">{reportName(other.id)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
