import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ShortId } from '#ui/components/short-id.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { Words } from '#ui/components/words.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Overview } from '#ui/store/overview-store.ts'
import { shownNodes } from './shown-nodes.ts'

/** How far each node's feed is merged here, and the network's fingerprint: the same words on two nodes, the same state. */
export function Nodes({ overview }: { readonly overview: Overview }) {
  const { shown, more } = shownNodes(overview.nodes)
  return (
    <Card
      title="Nodes"
      note="How much of each node’s feed is merged here"
      aside={
        <a className="link sm" href={hrefTo('network')}>
          See all
        </a>
      }
    >
      <ul className="overview-nodes">
        {shown.map((node) => (
          <NodeRow key={node.node} node={node} />
        ))}
      </ul>
      {more > 0 && (
        <a className="link sm" href={hrefTo('network')}>
          and {grouped(more)} more
        </a>
      )}
      <div className="overview-fingerprint">
        <div>
          <div className="sm strong">
            <Words words={overview.fingerprintWords} />
          </div>
          <div className="xs muted">
            Network fingerprint: the same words on two nodes mean the same state{' '}
            <Why about={{ type: 'count', name: 'fingerprint' }} what="the network fingerprint" />
          </div>
        </div>
        <span className="xs faint">
          <ShortId value={overview.fingerprint} />
        </span>
      </div>
    </Card>
  )
}

function NodeRow({ node }: { readonly node: Overview['nodes'][number] }) {
  const missing = Math.max(0, node.head - node.merged)
  const share = node.head === 0 ? 1 : Math.min(1, node.merged / node.head)
  return (
    <li>
      <a className="overview-node" href={hrefTo('network', node.node)}>
        <span className="sm ellipsis">
          <DataText text={node.name} limit={64} />
        </span>
        <span
          className="overview-bar"
          data-behind={missing > 0 || undefined}
          role="img"
          aria-label={missing === 0 ? 'all merged' : `${grouped(missing)} not merged`}
        >
          <i style={{ width: `${share * 100}%` }} />
        </span>
        <span className={missing > 0 ? 'sm amber num' : 'sm faint num'}>
          {missing === 0 ? grouped(node.head) : `${grouped(node.merged)} of ${grouped(node.head)}`}
        </span>
        <span className="xs faint overview-seen">
          {node.lastSeen === null ? 'here' : <When at={node.lastSeen} short />}
        </span>
      </a>
    </li>
  )
}
