// Two reports: which figures moved, what was opened, closed and changed.
import type { ReactNode } from 'react'
import type { ReportComparison } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Tag } from '#ui/components/tag.tsx'
import { hrefTo } from '#ui/router.ts'
import { ReportTable } from './report-table.tsx'
import { reportName } from './report-words.ts'

export function ComparePane({ compared }: { readonly compared: ReportComparison }) {
  const { from, to, figures, opened, closed, changed, nodes } = compared
  const { joined, left } = nodes
  return (
    <div className="rp-figures">
      <Card title="Figures">
        <ReportTable
          label="Figures of both reports"
          columns={[
            { title: 'Figure' },
            { title: reportName(from.id).slice(0, 16), is: 'number' },
            { title: reportName(to.id).slice(0, 16), is: 'number' },
            { title: 'Which way', isHidden: true },
          ]}
        >
          {figures.map((figure) => (
            <tr key={figure.label}>
              <th scope="row">{figure.label}</th>
              <td className="rp-num num">{figure.from}</td>
              <td className="rp-num num">{figure.to}</td>
              <td>
                {figure.better !== null && (
                  <Tag tone={figure.better ? 'green' : 'amber'}>{figure.better ? 'better' : 'worse'}</Tag>
                )}
              </td>
            </tr>
          ))}
        </ReportTable>
        {joined.length + left.length > 0 && (
          <p className="sm muted">
            {joined.length > 0 && <DataText text={`Joined: ${joined.join(', ')}. `} limit={400} />}
            {left.length > 0 && <DataText text={`Left: ${left.join(', ')}.`} limit={400} />}
          </p>
        )}
      </Card>
      <Listed title="Opened" list={opened} none="No conflict was opened." note={() => null} />
      <Listed title="Closed" list={closed} none="No conflict was closed." note={(one) => one.how} />
      <Listed title="Changed" list={changed} none="No open conflict changed." note={(one) => one.how} />
    </div>
  )
}

type Compared = ReportComparison['opened']['items'][number]

function Listed<Item extends Compared>({
  title,
  list,
  none,
  note,
}: {
  readonly title: string
  readonly list: { readonly total: number; readonly items: readonly Item[] }
  readonly none: string
  readonly note: (item: Item) => ReactNode
}) {
  return (
    <Card title={title} aside={<span className="sm muted num">{grouped(list.total)}</span>}>
      {list.total === 0 ? (
        <p className="sm muted">{none}</p>
      ) : (
        <ul className="rp-blockers">
          {list.items.map((item) => (
            <li key={item.id}>
              <a className="link strong" href={hrefTo('conflicts', item.id)}>
                <DataText text={item.title} limit={200} />
              </a>
              <p className="sm muted">
                <DataText text={item.subject} limit={200} /> {note(item)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
