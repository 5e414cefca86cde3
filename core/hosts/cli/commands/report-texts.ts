// Two reports compared, as a person reads it in a terminal.
import type { ReportComparison } from '#core/contract/index.ts'
import { columns, plain } from '../layout.ts'

const SHOWN = 20

export function comparisonText({ from, to, figures, opened, closed, changed, nodes }: ReportComparison): string {
  const rows = figures.map((one) => [
    one.label,
    one.from,
    one.to,
    one.better === null ? '' : one.better ? 'better' : 'worse',
  ])
  return [
    columns([['', from.id, to.id, ''], ...rows]),
    listed('Opened', opened, (one) => plain(one.title)),
    listed('Closed', closed, (one) => `${plain(one.title)}  ${plain(one.how)}`),
    listed('Changed', changed, (one) => `${plain(one.title)}  ${plain(one.how)}`),
    nodes.joined.length === 0 ? '' : `Joined: ${nodes.joined.map(plain).join(', ')}\n`,
    nodes.left.length === 0 ? '' : `Left: ${nodes.left.map(plain).join(', ')}\n`,
  ].join('')
}

function listed<Item>(
  title: string,
  { total, items }: { readonly total: number; readonly items: readonly Item[] },
  line: (item: Item) => string,
): string {
  if (total === 0) return ''
  const shown = items.slice(0, SHOWN)
  const more = total - shown.length
  return `${title} (${total}):\n${shown.map((item) => `  ${line(item)}\n`).join('')}${more > 0 ? `  and ${more} more\n` : ''}`
}
