// What a report measured: three marks with their history, and tables of values beside what was asked for.
import type { Measured, SummaryFile } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Tag } from '#ui/components/tag.tsx'
import { share } from '#ui/components/share-words.ts'
import { counted, hoursWords, measuredTone, measuredValue, measuredWord, neededValue } from './report-words.ts'
import { CountedFrom } from './counted-from.tsx'
import { linksOfMarks, linksOfMeasured } from './report-links.ts'
import { Sparkline } from './sparkline.tsx'
import { ReportTable, type Column } from './report-table.tsx'

const COLUMNS: readonly Column[] = [
  { title: 'Figure' },
  { title: 'Found', is: 'number' },
  { title: 'Must be', is: 'number' },
  { title: 'Met', is: 'state', isHidden: true },
]

/** Observation, coherence, self-repair: three numbers, each with its last fourteen days. */
export function Marks({ facts }: { readonly facts: SummaryFile }) {
  const { observation, coherence, selfRepair } = facts.ocers
  const links = linksOfMarks(facts)
  return (
    <div className="rp-marks">
      <Card title="Observation">
        <p className="rp-number num">{grouped(observation.value)}</p>
        <p className="sm muted">new verifiable receipts in 7 days</p>
        <Sparkline
          label="Receipts by day"
          points={observation.history}
          words={(value) => counted(value ?? 0, 'receipt')}
        />
        <CountedFrom what="Observation" links={[links.observation]} />
      </Card>
      <Card title="Coherence">
        <p className="rp-number num">{share(coherence.value)}</p>
        <p className="sm muted">
          {coherence.value === null
            ? 'no subject is spoken of by several nodes'
            : `${grouped(coherence.agreed)} of ${counted(coherence.shared, 'shared subject')} told alike`}
        </p>
        <Sparkline label="Told alike by day" points={coherence.history} most={1_000_000} words={share} />
        <CountedFrom what="Coherence" links={[links.coherence]} />
      </Card>
      <Card title="Self-repair">
        <p className="rp-number num">
          {selfRepair.closed}
          <span className="rp-of muted"> of {selfRepair.found}</span>
        </p>
        <p className="sm muted">
          {`drifts of 14 days closed${selfRepair.medianHours === null ? '' : `, in ${hoursWords(selfRepair.medianHours)} at the median`}`}
        </p>
        <Sparkline
          label="Drifts closed by day"
          points={selfRepair.history}
          words={(value) => `${counted(value ?? 0, 'drift')} closed`}
        />
        <CountedFrom what="Self-repair" links={[links.selfRepair]} />
      </Card>
    </div>
  )
}

export function MeasuredTable({ label, rows }: { readonly label: string; readonly rows: readonly Measured[] }) {
  return (
    <ReportTable label={label} columns={COLUMNS}>
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row" title={row.definition}>
            {row.label}
            <span className="rp-basis sm muted">
              <DataText text={row.basis} limit={300} />
            </span>
            <CountedFrom what={row.label} links={linksOfMeasured(row)} />
          </th>
          <td className="rp-num num">{measuredValue(row)}</td>
          <td className="rp-num num muted">{neededValue(row)}</td>
          <td className="rp-state">
            <Tag tone={measuredTone(row)}>{measuredWord(row)}</Tag>
          </td>
        </tr>
      ))}
    </ReportTable>
  )
}
