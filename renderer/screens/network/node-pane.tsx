// One node: who it is, what has reached whom, what is in its way, and what the steward can do about it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { NodeId, Peer } from '#core/contract/index.ts'
import { wayWords } from '#core/contract/way-words.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import { inStepSentence, inStepWith, type NetworkState } from '#ui/store/network-store.ts'
import { AdmitDialog } from './admit-dialog.tsx'
import { BlockDialog } from './block-dialog.tsx'
import { isMerged, StateTag } from './node-list.tsx'
import { SameState } from './same-state.tsx'
import { SixWords } from './six-words.tsx'

export interface NodePaneProps {
  readonly open: NonNullable<NetworkState['open']>
  readonly ourSeq: number
  readonly ourWords: readonly string[]
  readonly onAdmit: (node: NodeId) => Promise<void>
  readonly onBlock: (node: NodeId) => Promise<void>
  readonly onUnblock: (node: NodeId) => Promise<void>
  readonly onRetry: () => void
}

export function NodePane(props: NodePaneProps) {
  const { peer } = props.open
  switch (peer.state) {
    case 'loading':
      return <ListSkeleton rows={5} label="Loading the node" />
    case 'failed':
      return peer.problem.code === 'NOT_FOUND' ? (
        <EmptyState icon="network" title="This node was never seen here">
          It appears when it writes to the exchange folder.
        </EmptyState>
      ) : (
        <ProblemPanel problem={peer.problem} onRetry={props.onRetry} />
      )
    case 'ready':
      return <Node {...props} peer={peer.value} />
  }
}

function Node(props: NodePaneProps & { readonly peer: Peer }) {
  const { peer, ourSeq } = props
  return (
    <div className="nwn">
      <header className="nwn-head">
        <h2>
          <DataText text={peer.name} limit={64} />
        </h2>
        <StateTag peer={peer} />
        <Why about={{ type: 'peer', node: peer.node }} what={`the state of ${peer.name}`} />
      </header>
      <p className="sm muted">
        <ShortId value={peer.node} />
        {[peer.org, peer.region]
          .filter((text) => text !== null)
          .map((text) => (
            <span key={text}>
              {' '}
              · <DataText text={text} limit={100} />
            </span>
          ))}
      </p>
      {peer.trouble !== null && (
        <div className="nwn-trouble">
          <b>
            <DataText text={peer.trouble.what} limit={400} />
          </b>
          <div className="muted">
            <DataText text={peer.trouble.remedy} limit={400} />
          </div>
        </div>
      )}
      {peer.state === 'pending' && <Pending {...props} />}
      {peer.state !== 'this-node' && peer.state !== 'pending' && <Directions peer={peer} ourSeq={ourSeq} />}
      {peer.state === 'admitted' && <SameState comparison={props.open.comparison} onRetry={props.onRetry} />}
      <section className="nwn-part" aria-label="Words of its key">
        <h3>Words of its key</h3>
        <SixWords words={peer.words} />
        <p className="sm muted">
          {peer.state === 'this-node'
            ? 'Read these to another steward who wants to admit you.'
            : 'The same on every screen. Compare them with its steward, by phone or in person.'}
        </p>
      </section>
      <Facts peer={peer} />
      <Actions {...props} />
    </div>
  )
}

function Pending(props: NodePaneProps & { readonly peer: Peer }) {
  const { peer } = props
  const [comparing, setComparing] = useState(false)
  const missing = Math.max(0, peer.admissionsNeeded - peer.admittedBy.length)
  return (
    <section className="card nwn-pending" aria-label="Admission">
      <h3>
        <DataText text={peer.name} limit={64} /> asks to join
      </h3>
      <p className="muted">
        Only its head and profile are read. Nothing of it is merged anywhere before{' '}
        {missing === 1 ? 'a steward of the network admits it' : `${missing} more stewards admit it`}.
      </p>
      <div className="nwn-acts">
        <Button variant="filled" onClick={() => setComparing(true)}>
          Compare the words…
        </Button>
      </div>
      {comparing && (
        <AdmitDialog
          peer={peer}
          ourWords={props.ourWords}
          onAdmit={props.onAdmit}
          onBlock={props.onBlock}
          onClose={() => setComparing(false)}
        />
      )}
    </section>
  )
}

/** Both ways, each with its two numbers; one sentence only where nothing is missing either way. */
function Directions({ peer, ourSeq }: { readonly peer: Peer; readonly ourSeq: number }) {
  const theirs = Math.max(peer.headSeq ?? 0, peer.seq)
  return (
    <section className="nwn-part" aria-label="In step">
      <h3>{inStepSentence(inStepWith(peer, ourSeq))}</h3>
      <div className="nwn-ways">
        <Way name="They have of ours" have={peer.hasOfOurs} of={ourSeq} />
        <Way name="You have of theirs" have={peer.mergedSeq} of={theirs} />
      </div>
      {peer.waiting > 0 && (
        <p className="sm amber">
          {peer.waiting === 1 ? '1 receipt waits' : `${grouped(peer.waiting)} receipts wait`} behind a gap.
        </p>
      )}
    </section>
  )
}

function Way({ name, have, of }: { readonly name: string; readonly have: number | null; readonly of: number }) {
  const whole = have !== null && have >= of
  return (
    <div className="way" data-whole={whole || undefined}>
      <span className="sm muted">{name}</span>
      <span className="way-track">
        <span style={{ width: `${of === 0 ? 100 : Math.min(100, ((have ?? 0) / of) * 100)}%` }} />
      </span>
      <span className="sm num way-count">{have === null ? 'not said yet' : `${grouped(have)} of ${grouped(of)}`}</span>
    </div>
  )
}

function Facts({ peer }: { readonly peer: Peer }) {
  return (
    <section className="nwn-part" aria-label="Facts">
      <dl className="nwn-facts">
        <Fact name="Last seen">
          {peer.state === 'this-node' ? (
            'here'
          ) : peer.lastSeen === null ? (
            <span className="faint">never</span>
          ) : (
            <>
              {wayWords(peer.lastSeen.way)}{' '}
              <span className="faint">
                <When at={peer.lastSeen.at} />
              </span>
            </>
          )}
        </Fact>
        <Fact name="Its head">
          <span className="num">
            {peer.headSeq === null ? 'none signed yet' : `names receipt #${grouped(peer.headSeq)}`}
          </span>
        </Fact>
        <Fact name="In the ledger">
          <a className="link plain num" href={hrefTo('receipts', null, { node: peer.node })}>
            {peer.seq === 0 ? 'nothing' : `up to #${grouped(peer.seq)}`}
            {peer.mergedSeq < peer.seq &&
              (isMerged(peer) ? `; merged up to #${grouped(peer.mergedSeq)}` : '; nothing of it is merged')}
          </a>
        </Fact>
        <Fact name="Admitted by">
          {peer.admittedBy.length === 0 ? (
            <span className="faint">
              {peer.state === 'pending' || !isMerged(peer) ? 'nobody yet' : 'the founding of the network'}
            </span>
          ) : (
            peer.admittedBy.map(({ node, name, receipt }, place) => (
              <span key={node}>
                {place > 0 && ', '}
                <a className="link" href={hrefTo('receipts', receipt)}>
                  <DataText text={name} limit={64} />
                </a>
              </span>
            ))
          )}
        </Fact>
      </dl>
    </section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

function Actions(props: NodePaneProps & { readonly peer: Peer }) {
  const { peer } = props
  const [asking, setAsking] = useState(false)
  return (
    <div className="nwn-acts">
      {peer.seq > 0 && (
        <Button component="a" href={hrefTo('receipts', null, { node: peer.node })}>
          See its receipts
        </Button>
      )}
      {(peer.state === 'admitted' || peer.state === 'blocked' || peer.state === 'pending') && (
        <Button variant="subtle" onClick={() => setAsking(true)}>
          {peer.state === 'blocked' ? 'Lift the block…' : 'Block here…'}
        </Button>
      )}
      {asking && (
        <BlockDialog
          peer={peer}
          onDo={peer.state === 'blocked' ? props.onUnblock : props.onBlock}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}
