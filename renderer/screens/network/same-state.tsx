// Is my state theirs? Four words of each, and where they differ the first receipt at which they do.
import { useState } from 'react'
import type { Comparison, FirstDifference, StateOfNode } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Resource } from '#ui/store/resource.ts'

export function SameState({
  comparison,
  onRetry,
}: {
  readonly comparison: Resource<Comparison>
  readonly onRetry: () => void
}) {
  return (
    <section className="nwn-part" aria-label="Same state">
      <h3>Same state?</h3>
      <Body comparison={comparison} onRetry={onRetry} />
    </section>
  )
}

function Body({ comparison, onRetry }: { readonly comparison: Resource<Comparison>; readonly onRetry: () => void }) {
  switch (comparison.state) {
    case 'loading':
      return <ListSkeleton rows={2} label="Comparing" />
    case 'failed':
      return <ProblemPanel problem={comparison.problem} onRetry={onRetry} compact />
    case 'ready':
      return <Compared comparison={comparison.value} />
  }
}

function Compared({ comparison }: { readonly comparison: Comparison }) {
  const { outcome, nodeName, ours, theirs, said, sentence, first, differing, steps } = comparison
  const [shown, setShown] = useState(false)
  return (
    <>
      <dl className="nws-two">
        <dt>You</dt>
        <dd>
          <b>{ours.words.join(' · ')}</b>
        </dd>
        <dt>
          <DataText text={nodeName} limit={64} />
        </dt>
        <dd>
          {theirs === null ? <span className="faint">not said yet</span> : <b>{theirs.words.join(' · ')}</b>}{' '}
          {outcome === 'same' && <Tag tone="green">Same</Tag>}
          {outcome === 'differs' && <Tag tone="amber">Differs</Tag>}{' '}
          {said !== null && (
            <span className="sm faint">
              as it said <When at={said} />
            </span>
          )}
        </dd>
      </dl>
      {first === null ? (
        <p className="sm muted">
          <DataText text={sentence} limit={400} />
        </p>
      ) : (
        <First first={first} sentence={sentence} differing={differing} />
      )}
      {steps.length > 0 && (
        <button className="link sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Fold the way down' : 'How this was found'}
        </button>
      )}
      {shown && <Steps comparison={comparison} />}
    </>
  )
}

function First({
  first,
  sentence,
  differing,
}: {
  readonly first: FirstDifference
  readonly sentence: string
  readonly differing: number
}) {
  return (
    <div className="nws-first">
      <p>
        <b>
          <DataText text={sentence} limit={400} />
        </b>
      </p>
      {first.ours !== null && (
        <p className="sm">
          Here:{' '}
          <a className="link" href={hrefTo('receipts', first.ours)}>
            receipt #{grouped(first.seq)} of <DataText text={first.feedName} limit={64} />
          </a>{' '}
          <ShortId value={first.ours} />
        </p>
      )}
      {first.theirs !== null && (
        <p className="sm">
          There: receipt #{grouped(first.seq)} <ShortId value={first.theirs} />
        </p>
      )}
      <p className="sm muted">
        <DataText text={first.remedy} limit={400} />
        {differing > 1 &&
          ` ${differing - 1 === 1 ? 'One more feed differs' : `${differing - 1} more feeds differ`} too.`}
      </p>
    </div>
  )
}

function Steps({ comparison: { steps, nodeName } }: { readonly comparison: Comparison }) {
  return (
    <table className="nws-steps">
      <thead>
        <tr>
          <th scope="col">Compared</th>
          <th scope="col">You</th>
          <th scope="col">
            <DataText text={nodeName} limit={64} />
          </th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ what, ours, theirs, same }) => (
          <tr key={what} data-same={same || undefined}>
            <td>
              <DataText text={what} limit={120} />
            </td>
            {same ? (
              <td colSpan={2}>the same</td>
            ) : (
              <>
                <td>
                  <DataText text={ours} limit={120} />
                </td>
                <td>
                  <DataText text={theirs} limit={120} />
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Under the own four words: who says the same, and a way to the first difference with everybody else. */
export function StatesOfNodes({ states }: { readonly states: Resource<readonly StateOfNode[]> }) {
  if (states.state !== 'ready' || states.value.length === 0) return null
  const same = states.value.filter(({ outcome }) => outcome === 'same').length
  const others = states.value.filter(
    ({ outcome, words }) => outcome !== 'same' && outcome !== 'not-said' && words !== null,
  )
  const silent = states.value.length - same - others.length
  return (
    <div className="sm">
      <p>{agreement(same, states.value.length)}</p>
      {silent > 0 && (
        <p className="faint">{silent === 1 ? 'One has not said yet.' : `${grouped(silent)} have not said yet.`}</p>
      )}
      {others.length > 0 && (
        <ul className="nws-states">
          {others.slice(0, SHOWN).map(({ node, name, words }) => (
            <li key={node}>
              <DataText text={name} limit={64} /> <span className="muted">{words?.join(' · ')}</span>{' '}
              <a className="link nowrap" href={hrefTo('network', node)}>
                Find the first difference
              </a>
            </li>
          ))}
          {others.length > SHOWN && <li className="faint">and {others.length - SHOWN} more</li>}
        </ul>
      )}
    </div>
  )
}

function agreement(same: number, others: number): string {
  if (others === 1) return same === 1 ? 'The other node says the same.' : 'The other node does not say the same.'
  return same === others ? `All ${others} others say the same.` : `${same} of ${others} others say the same.`
}

const SHOWN = 8
