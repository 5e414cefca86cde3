// The network as a whole: is my state theirs, by which rules do we merge, who has what.
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { NetworkView, NodeId, Policy, StateOfNode } from '#core/contract/index.ts'
import { policyChanges, policySentences } from '#core/contract/policy-sentences.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import type { FeedMap } from '#ui/store/network-store.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import { type Resource, valueOf } from '#ui/store/resource.ts'
import { Coverage } from './coverage-table.tsx'
import { FeedMapTable } from './feed-map.tsx'
import { StatesOfNodes } from './same-state.tsx'

export function NetworkOverview({
  network,
  map,
  states,
  self,
  onSignPolicy,
  onRetry,
}: {
  readonly network: NetworkView
  readonly map: Resource<FeedMap>
  readonly states: Resource<readonly StateOfNode[]>
  readonly self: NodeId | null
  readonly onSignPolicy: (policy: Policy) => Promise<boolean>
  readonly onRetry: () => void
}) {
  return (
    <div className="nwo">
      <header>
        <h2>
          <DataText text={network.name} limit={64} />
        </h2>
        <p className="muted">
          {network.id === null ? (
            'Its first receipt has not been read yet.'
          ) : (
            <>
              A network is named by its first receipt: <ShortId value={network.id} />, in words{' '}
              <b>{network.words.join(' · ')}</b>.
            </>
          )}
        </p>
      </header>
      {network.proposed.map((proposal) => (
        <Proposal key={proposal.hash} proposal={proposal} current={network.policy} onSign={onSignPolicy} />
      ))}
      <div className="nwo-cards">
        <Card title="Same state?">
          <p className="nwo-words">{network.fingerprintWords.join(' · ')}</p>
          <p className="sm muted">
            If another steward reads the same four words, your two nodes hold the same receipts under the same rules, to
            the last byte.
          </p>
          <StatesOfNodes states={states} />
          <p className="sm faint nwo-whole">
            In full <ShortId value={network.fingerprint} />{' '}
            <Why about={{ type: 'count', name: 'fingerprint' }} what="the network fingerprint" />
          </p>
        </Card>
        <Card
          title="Rules in force"
          aside={
            <span className="sm">
              <Why about={{ type: 'policy' }} what="the rules in force" />{' '}
              <a className="link" href={hrefTo('settings', 'policy')}>
                Propose a change
              </a>
            </span>
          }
        >
          <ul className="nwo-rules">
            {policySentences(network.policy).map((sentence) => (
              <li key={sentence}>
                <DataText text={sentence} limit={400} />
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <Coverage />
      <Card
        title="Who has whose feed up to where"
        note={`Each row is what that node last said it holds${ownRow(map, self)}.`}
        className="nwo-map"
      >
        <Map map={map} self={self} onRetry={onRetry} />
      </Card>
    </div>
  )
}

/** A node that is not admitted stands in no row; until the map is here the words are those of one that does. */
function ownRow(map: Resource<FeedMap>, self: NodeId | null): string {
  const first = valueOf(map)?.rows[0]
  return first === undefined || first.holder === self ? '; the first row is what lies in your own ledger' : ''
}

function Map({
  map,
  self,
  onRetry,
}: {
  readonly map: Resource<FeedMap>
  readonly self: NodeId | null
  readonly onRetry: () => void
}) {
  switch (map.state) {
    case 'loading':
      return <ListSkeleton rows={4} label="Loading the map" />
    case 'failed':
      return <ProblemPanel problem={map.problem} onRetry={onRetry} compact />
    case 'ready':
      return <FeedMapTable map={map.value} self={self} />
  }
}

function Proposal({
  proposal,
  current,
  onSign,
}: {
  readonly proposal: NetworkView['proposed'][number]
  readonly current: Policy
  readonly onSign: (policy: Policy) => Promise<boolean>
}) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const sign = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await onSign(proposal.policy)
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    } finally {
      setBusy(false)
    }
  }
  const left = Math.max(0, proposal.needed - proposal.signedBy.length)
  return (
    <section className="card nwo-proposal" aria-label="Proposed rules">
      <div className="card-head">
        <Tag tone="amber">{proposal.mine ? 'Waits for others' : 'Waits for you'}</Tag>
        <h3>Other rules are proposed</h3>
        <span className="sm muted">
          signed by <DataText text={proposal.signedBy.join(', ')} limit={200} />; {proposal.signedBy.length} of{' '}
          {proposal.needed}
        </span>
      </div>
      <ul className="nwo-rules">
        {policyChanges(current, proposal.policy).map((sentence) => (
          <li key={sentence}>
            <DataText text={sentence} limit={400} />
          </li>
        ))}
      </ul>
      <div className="nwo-acts">
        {proposal.mine ? (
          <span className="sm muted">
            You signed it. {left === 1 ? 'One more steward is needed.' : `${left} more stewards are needed.`}
          </span>
        ) : (
          <>
            <Button variant="filled" loading={busy} onClick={() => void sign()}>
              Sign these rules
            </Button>
            <span className="sm muted">
              You will sign that these rules hold for the whole network.{' '}
              {left <= 1 ? 'With your signature they take effect.' : `${left - 1} more are needed after yours.`}
            </span>
          </>
        )}
      </div>
      {problem !== null && <ProblemPanel problem={problem} onRetry={() => void sign()} compact />}
    </section>
  )
}
