// A report’s figures by node and by what policy expects of them.
import type { ReportNode, ReportOrigin, SummaryFile } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { share } from '#ui/components/share-words.ts'
import { hrefTo } from '#ui/router.ts'
import { conflictsAt } from './report-links.ts'
import { counted } from './report-words.ts'
import { ReportTable, type Column } from './report-table.tsx'

const NODE_COLUMNS: readonly Column[] = [
  { title: 'Node' },
  { title: 'Merged', is: 'number' },
  { title: 'Coverage', is: 'number' },
  { title: 'Conflicts', is: 'number' },
  { title: 'Note' },
]

const PATTERN_COLUMNS: readonly Column[] = [
  { title: 'Expected' },
  { title: 'Coverage', is: 'number' },
  { title: 'Missing', is: 'number' },
  { title: 'First missing' },
]

const SHOWN_NODES = 25

export function Nodes({
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
      <ReportTable label="Nodes" columns={NODE_COLUMNS}>
        {shown.map((node) => (
          <tr key={node.node}>
            <th scope="row">
              <a className="link" href={hrefTo('network', node.node)}>
                <DataText text={node.name} limit={64} />
              </a>
            </th>
            <td className="rp-num num">
              <a className="link plain" href={hrefTo('receipts', null, { node: node.node })}>
                {grouped(node.merged)}
              </a>
            </td>
            <td className="rp-num num">{share(node.coverage)}</td>
            <td className="rp-num num">
              {node.openConflicts === 0 ? (
                0
              ) : (
                <a className="link" href={conflictsAt(node.node)}>
                  {grouped(node.openConflicts)}
                </a>
              )}
            </td>
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
            <td className="sm muted">{originNote(one)}</td>
          </tr>
        ))}
      </ReportTable>
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

function originNote({ subjects, found }: ReportOrigin): string {
  const spoken = `imported directory, speaks of ${counted(subjects, 'subject')}`
  if (found === undefined) return spoken
  const { anchors, capsule, signatures } = found
  const bad = (signatures['invalid'] ?? 0) + (signatures['unknown_key'] ?? 0)
  const signed = `${counted(signatures['ok'] ?? 0, 'signature holds', 'signatures hold')}${bad === 0 ? '' : `, ${grouped(bad)} do not`}`
  return `${spoken}; anchors ${anchors.state}; capsule ${capsule.state}; ${signed}`
}

export function Coverage({ coverage }: { readonly coverage: SummaryFile['coverage'] }) {
  if (coverage.patterns.length === 0) return null
  return (
    <Card
      title="Coverage"
      aside={
        <a className="link sm num" href={hrefTo('network')}>
          {share(coverage.ratio)}: who has what
        </a>
      }
    >
      <ReportTable label="Coverage" columns={PATTERN_COLUMNS}>
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
      </ReportTable>
    </Card>
  )
}
