// What a report found, as figures: the verdict with its criteria, what stands in the way, nodes, risks, coverage, convergence.
import type { Measured, ReportNode, ReportRisk, SummaryFile } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import { counted, hoursWords, measuredTone, measuredValue, measuredWord, neededValue, share } from './report-words.ts'
import { Sparkline } from './sparkline.tsx'

const SHOWN_BLOCKERS = 12
const SHOWN_NODES = 25

export function ReportFigures({ facts }: { readonly facts: SummaryFile }) {
  return (
    <div className="rp-figures">
      <Marks facts={facts} />
      <Card title="What the recommendation rests on">
        <MeasuredTable label="Criteria" rows={facts.criteria} />
      </Card>
      <Blockers blockers={facts.blockers} />
      <Overrides overrides={facts.recommendation.overrides} />
      <Nodes nodes={facts.nodes} origins={facts.origins} />
      <Coverage coverage={facts.coverage} />
      <section aria-label="Risks" className="rp-risks">
        {facts.risks.map((risk) => (
          <Risk key={risk.risk} risk={risk} />
        ))}
      </section>
      <Card
        title="Convergence"
        aside={<Tag tone={facts.convergence.ok ? 'green' : 'red'}>{facts.convergence.ok ? 'ok' : 'fails'}</Tag>}
        note="Measured over the last 14 days, where time plays a part. What cannot be known is not guessed."
      >
        <MeasuredTable label="Convergence" rows={facts.convergence.measures} />
      </Card>
      <Checks checks={facts.checks} />
    </div>
  )
}

/** Observation, coherence, self-repair: three numbers, each with its last fourteen days. */
function Marks({ facts: { ocers } }: { readonly facts: SummaryFile }) {
  const { observation, coherence, selfRepair } = ocers
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
      </Card>
      <Card title="Coherence">
        <p className="rp-number num">{share(coherence.value)}</p>
        <p className="sm muted">
          {coherence.value === null
            ? 'no subject is spoken of by several nodes'
            : `${grouped(coherence.agreed)} of ${counted(coherence.shared, 'shared subject')} told alike`}
        </p>
        <Sparkline label="Told alike by day" points={coherence.history} most={1_000_000} words={share} />
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
      </Card>
    </div>
  )
}

function MeasuredTable({ label, rows }: { readonly label: string; readonly rows: readonly Measured[] }) {
  return (
    <table className="rp-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col" className="rp-num">
            Found
          </th>
          <th scope="col" className="rp-num">
            Must be
          </th>
          <th scope="col" className="rp-state">
            <span className="visually-hidden">Met</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row" title={row.definition}>
              {row.label}
              <span className="rp-basis sm muted">
                <DataText text={row.basis} limit={300} />
              </span>
            </th>
            <td className="rp-num num">{measuredValue(row)}</td>
            <td className="rp-num num muted">{neededValue(row)}</td>
            <td className="rp-state">
              <Tag tone={measuredTone(row)}>{measuredWord(row)}</Tag>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Blockers({ blockers: { total, items } }: { readonly blockers: SummaryFile['blockers'] }) {
  if (total === 0) {
    return (
      <Card title="What stands in the way">
        <p className="muted">Nothing: everything that can be reconciled is.</p>
      </Card>
    )
  }
  const more = total - Math.min(total, SHOWN_BLOCKERS)
  return (
    <Card title="What stands in the way" aside={<span className="sm muted num">{grouped(total)}</span>}>
      <ul className="rp-blockers">
        {items.slice(0, SHOWN_BLOCKERS).map((item) => (
          <li key={item.id}>
            {item.id.startsWith('sha256:') ? (
              <a className="link strong" href={hrefTo('conflicts', item.id)}>
                <DataText text={item.what} limit={200} />
              </a>
            ) : (
              <span className="strong">{item.what}</span>
            )}
            <p className="sm muted">
              <DataText text={item.why} limit={400} /> {item.remedy}
            </p>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="sm muted">{grouped(more)} more are in conflicts.json.</p>}
    </Card>
  )
}

function Overrides({ overrides }: { readonly overrides: SummaryFile['recommendation']['overrides'] }) {
  if (overrides.length === 0) return null
  return (
    <Card title="Overrides" note="Signed by stewards; each covers exactly what it named.">
      <ul className="rp-blockers">
        {overrides.map((one) => (
          <li key={one.receipt}>
            <span className="strong">
              <DataText text={one.nodeName} limit={64} /> signed {one.verdict}
            </span>{' '}
            <Tag tone={one.inForce ? 'tide' : 'plain'}>{one.inForce ? 'in force' : 'lapsed'}</Tag>{' '}
            <span className="sm faint">
              <When at={one.time} /> · <ShortId value={one.receipt} />
            </span>
            <p className="sm muted">
              <DataText text={one.reason} limit={400} />
              {one.lapsed !== null && (
                <>
                  {' '}
                  <span className="amber">
                    <DataText text={one.lapsed} limit={300} />
                  </span>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Nodes({
  nodes,
  origins,
}: {
  readonly nodes: readonly ReportNode[]
  readonly origins: SummaryFile['origins']
}) {
  const shown = nodes.toSorted(byTrouble).slice(0, SHOWN_NODES)
  const more = nodes.length - shown.length
  return (
    <Card title="Nodes" aside={<span className="sm muted num">{counted(nodes.length, 'node')}</span>}>
      <table className="rp-table" aria-label="Nodes">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col" className="rp-num">
              Merged
            </th>
            <th scope="col" className="rp-num">
              Coverage
            </th>
            <th scope="col" className="rp-num">
              Conflicts
            </th>
            <th scope="col">Note</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((node) => (
            <tr key={node.node}>
              <th scope="row">
                <a className="link" href={hrefTo('network', node.node)}>
                  <DataText text={node.name} limit={64} />
                </a>
              </th>
              <td className="rp-num num">{grouped(node.merged)}</td>
              <td className="rp-num num">{share(node.coverage)}</td>
              <td className="rp-num num">{grouped(node.openConflicts)}</td>
              <td className="sm muted">{nodeNote(node)}</td>
            </tr>
          ))}
          {origins.map((one) => (
            <tr key={`origin ${one.name}`}>
              <th scope="row">
                <DataText text={one.name} limit={64} />
              </th>
              <td className="rp-num num faint">–</td>
              <td className="rp-num num">{share(one.coverage)}</td>
              <td className="rp-num num faint">–</td>
              <td className="sm muted">{`imported directory, speaks of ${counted(one.subjects, 'subject')}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p className="sm muted">{`${counted(more, 'more node')} with less the matter, in summary.json.`}</p>}
    </Card>
  )
}

function byTrouble(a: ReportNode, b: ReportNode): number {
  const weight = (node: ReportNode) => (node.forkedAt === null ? 0 : 2) + (node.missing.length > 0 ? 1 : 0)
  return weight(b) - weight(a) || b.openConflicts - a.openConflicts || (a.name < b.name ? -1 : 1)
}

function nodeNote(node: ReportNode): string {
  return [
    ...(node.forkedAt === null ? [] : [`two stories at #${node.forkedAt}`]),
    ...node.missing.map(({ from, to }) => (from === to ? `#${from} has not come` : `#${from} to #${to} have not come`)),
    ...(node.blocked ? ['blocked at this node'] : []),
    ...(node.head === null ? ['nothing here yet'] : []),
  ].join('; ')
}

function Coverage({ coverage }: { readonly coverage: SummaryFile['coverage'] }) {
  if (coverage.patterns.length === 0) return null
  return (
    <Card title="Coverage" aside={<span className="sm muted num">{share(coverage.ratio)}</span>}>
      <table className="rp-table" aria-label="Coverage">
        <thead>
          <tr>
            <th scope="col">Expected</th>
            <th scope="col" className="rp-num">
              Coverage
            </th>
            <th scope="col" className="rp-num">
              Missing
            </th>
            <th scope="col">First missing</th>
          </tr>
        </thead>
        <tbody>
          {coverage.patterns.map((one) => (
            <tr key={one.pattern}>
              <th scope="row" className="mono">
                <DataText text={one.pattern} limit={120} />
              </th>
              <td className="rp-num num">{share(one.ratio)}</td>
              <td className="rp-num num">{grouped(one.missingCount)}</td>
              <td className="sm muted">
                <DataText
                  text={one.missing
                    .slice(0, 3)
                    .map(({ name, subject }) => `${subject} at ${name}`)
                    .join('; ')}
                  limit={300}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

const RISK_TONES: Readonly<Record<ReportRisk['level'], Tone>> = { clear: 'green', watch: 'amber', alarm: 'red' }

function Risk({ risk }: { readonly risk: ReportRisk }) {
  return (
    <Card title={risk.label} aside={<Tag tone={RISK_TONES[risk.level]}>{risk.level}</Tag>}>
      <h3 className="rp-risk-head">Found here</h3>
      <Lines lines={risk.evidence} />
      <h3 className="rp-risk-head">In force against it</h3>
      <Lines lines={risk.mitigation} />
      {risk.open.length > 0 && (
        <>
          <h3 className="rp-risk-head amber">Open</h3>
          <Lines lines={risk.open} />
        </>
      )}
    </Card>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul className="rp-lines sm">
      {lines.map((line) => (
        <li key={line}>
          <DataText text={line} limit={600} />
        </li>
      ))}
    </ul>
  )
}

function Checks({ checks }: { readonly checks: SummaryFile['checks'] }) {
  return (
    <Card title="Checks">
      <table className="rp-table" aria-label="Checks">
        <tbody>
          {checks.map((check) => (
            <tr key={check.id}>
              <th scope="row">{check.label}</th>
              <td>
                <Tag tone={check.ok === null ? 'plain' : check.ok ? 'green' : 'red'}>
                  {check.ok === null ? 'not made' : check.ok ? 'holds' : 'fails'}
                </Tag>
              </td>
              <td className="sm muted">
                <DataText text={check.detail} limit={400} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
