// What is in a bundle: by node, by TEOF directory, and what was refused with its entry and reason.
import { Fragment } from 'react'
import type { BundleNode, BundleOrigin, BundleRefusal } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { counted, nodeNote } from './words.ts'

const NODE_FIGURES = ['new', 'known', 'refused', 'withheld', 'held', 'notRead'] as const
const FIGURE_HEADS = {
  new: 'New',
  known: 'Known',
  refused: 'Refused',
  withheld: 'Withheld',
  held: 'Held',
  notRead: 'Not read',
} as const

const FIGURE_HINTS = {
  new: 'Not in your ledger yet',
  known: 'In your ledger already',
  refused: 'Does not hold; the reason stands below',
  withheld: 'Behind a gap: waits for what lies before it',
  held: 'Its time is ahead of the clock',
  notRead: 'Of a node that is not admitted or is blocked, or behind a bad signature',
} as const

export function Nodes({ nodes }: { readonly nodes: readonly BundleNode[] }) {
  // A figure that is nothing everywhere has no column: what is left is what there is to see.
  const shown = NODE_FIGURES.filter(
    (figure) => figure === 'new' || figure === 'known' || nodes.some((node) => node[figure] > 0),
  )
  return (
    <div className="bundle-scroll">
      <table className="bundle-table">
        <caption className="visually-hidden">Receipts by node</caption>
        <thead>
          <tr>
            <th scope="col">Node</th>
            {shown.map((figure) => (
              <th scope="col" key={figure} className="num" title={FIGURE_HINTS[figure]}>
                {FIGURE_HEADS[figure]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <NodeRows key={node.node} node={node} shown={shown} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NodeRows({
  node,
  shown,
}: {
  readonly node: BundleNode
  readonly shown: readonly (typeof NODE_FIGURES)[number][]
}) {
  const note = nodeNote(node)
  return (
    <Fragment>
      <tr data-noted={note !== null || undefined}>
        <th scope="row">
          <span className="bundle-node">
            <b className="ellipsis">
              <DataText text={node.name} limit={64} />
            </b>
            {node.state === 'this-node' && <Tag tone="tide">This node</Tag>}
            {node.state === 'not-admitted' && <Tag tone="amber">Not admitted</Tag>}
            {node.state === 'blocked' && <Tag tone="plain">Blocked here</Tag>}
            <ShortId value={node.node} />
          </span>
        </th>
        {shown.map((figure) => (
          <td key={figure} className="num" data-figure={figure} data-none={node[figure] === 0 || undefined}>
            {grouped(node[figure])}
          </td>
        ))}
      </tr>
      {note !== null && (
        <tr className="bundle-note">
          <td colSpan={shown.length + 1} className="sm muted">
            {note}
          </td>
        </tr>
      )}
    </Fragment>
  )
}

const ORIGIN_FIGURES = ['new', 'changed', 'known', 'gone', 'refused'] as const

export function Origins({ origins }: { readonly origins: readonly BundleOrigin[] }) {
  return (
    <div className="bundle-scroll">
      <table className="bundle-table">
        <caption className="sm muted">
          Files of these directories carry no feed: importing signs for them that you saw them.
        </caption>
        <thead>
          <tr>
            <th scope="col">Directory</th>
            <th scope="col" className="num" title="Never imported under this name">
              New
            </th>
            <th scope="col" className="num" title="Imported before with other content">
              Changed
            </th>
            <th scope="col" className="num" title="Nothing to say that was not said">
              Known
            </th>
            <th scope="col" className="num" title="Imported before, and not in it any more">
              Gone
            </th>
            <th scope="col" className="num" title="Could not be taken; the reason stands below">
              Refused
            </th>
          </tr>
        </thead>
        <tbody>
          {origins.map((origin) => (
            <OriginRows key={origin.folder} origin={origin} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function OriginRows({ origin }: { readonly origin: BundleOrigin }) {
  const aboutAll = origin.findings.filter(({ path }) => path === '')
  const aboutFiles = origin.findings.filter(({ path }) => path !== '')
  const fileCount = origin.findingCount - aboutAll.length
  return (
    <Fragment>
      <tr data-noted={origin.findingCount > 0 || undefined}>
        <th scope="row">
          <b>
            <DataText text={origin.label} limit={100} />
          </b>
        </th>
        {ORIGIN_FIGURES.map((figure) => (
          <td key={figure} className="num" data-figure={figure} data-none={origin[figure] === 0 || undefined}>
            {grouped(origin[figure])}
          </td>
        ))}
      </tr>
      {origin.findingCount > 0 && (
        <tr className="bundle-note">
          <td colSpan={6} aria-label={`To know about ${origin.label}`}>
            {aboutAll.map(({ happened, remedy }) => (
              <p key={happened} className="sm">
                <DataText text={happened} limit={400} /> <DataText text={remedy} limit={400} />
              </p>
            ))}
            {fileCount > 0 && (
              <details className="sm">
                <summary>{counted(fileCount, 'thing')} to know about it</summary>
                <ul className="bundle-findings">
                  {aboutFiles.map(({ path, happened, remedy }, index) => (
                    // Two findings may say the same of one file.
                    <li key={`${index} ${path}`}>
                      <span className="mono">
                        <DataText text={path} limit={160} />
                      </span>
                      : <DataText text={happened} limit={400} /> <span className="muted">{remedy}</span>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </td>
        </tr>
      )}
    </Fragment>
  )
}

export function Refusals({
  refusals,
  count,
  open,
}: {
  readonly refusals: readonly BundleRefusal[]
  readonly count: number
  readonly open: boolean
}) {
  return (
    <details className="bundle-refusals" open={open}>
      <summary>
        <Tag tone="red">Refused</Tag> {counted(count, 'entry').replace(/ys$/, 'ies')} with{' '}
        {count === 1 ? 'its' : 'their'} reason
      </summary>
      <ul>
        {refusals.map(({ entry, reason, detail, remedy }, index) => (
          // One entry may be refused for two reasons.
          <li key={`${index} ${entry}`}>
            <div className="bundle-entry">
              <span className="mono ellipsis">
                {entry === '' ? 'The bundle itself' : <DataText text={entry} limit={240} />}
              </span>
              <span className="xs faint mono nowrap">{reason}</span>
            </div>
            <p>
              <DataText text={detail} limit={600} />
            </p>
            <p className="muted">{remedy}</p>
          </li>
        ))}
      </ul>
      {count > refusals.length && (
        <p className="sm muted">{`${grouped(count - refusals.length)} more are not listed.`}</p>
      )}
    </details>
  )
}
