// What a report found, as figures: the verdict with its criteria, what stands in the way, nodes, risks, coverage, convergence.
import type { SummaryFile } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { Blockers, Overrides } from './figures-blockers.tsx'
import { Marks, MeasuredTable } from './figures-measured.tsx'
import { Coverage, Nodes } from './figures-of-nodes.tsx'
import { Risk } from './figures-risks.tsx'

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
