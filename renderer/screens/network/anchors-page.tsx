// The anchors: which follows which, who stands under which, what the most recent one put aside, and where imported directories stand.
import type { AnchorEntry, AnchorsView } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import { createAnchorsStore, type AnchorsState, type Origins } from '#ui/store/anchors-store.ts'
import type { Resource } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './anchors.css'

const wholeState = (state: AnchorsState) => state

export function AnchorsPage() {
  const { anchors, origins, refresh } = useSteward(createAnchorsStore, wholeState)
  return (
    <div className="an">
      <header>
        <h2>
          Anchors <Why about={{ type: 'count', name: 'anchors' }} what="which anchor is the newest" />
        </h2>
        <p className="muted">
          An anchor is the governance that receipts are issued under. Each names the one before it. Where all claims
          about a subject name verified anchors and one chain contains all others, the most recent anchor holds.
        </p>
      </header>
      {anchors.state === 'loading' && <ListSkeleton rows={5} label="Loading the anchors" />}
      {anchors.state === 'failed' && <ProblemPanel problem={anchors.problem} onRetry={refresh} />}
      {anchors.state === 'ready' && <Anchors view={anchors.value} />}
      <OriginAnchors origins={origins} onRetry={refresh} />
    </div>
  )
}

function Anchors({ view }: { readonly view: AnchorsView }) {
  const branches = view.anchors.filter(({ state }) => state === 'newest').length
  return (
    <>
      <Card
        title="The chain"
        note={
          branches > 1
            ? `${branches} anchors have no follower: the chain has branched, and no rule chooses between them.`
            : undefined
        }
      >
        {view.anchors.length === 0 ? (
          <EmptyState icon="anchor" title="This network has signed no anchor of its own">
            Sign a governance/anchor receipt with the hash of what governs this network, for instance of a capsule’s
            hashes.json. Receipts signed after it name it.
          </EmptyState>
        ) : (
          <ol className="an-chain">
            {view.anchors.map((anchor) => (
              <Anchor key={anchor.hash} anchor={anchor} />
            ))}
          </ol>
        )}
        {view.more > 0 && <p className="sm muted">{grouped(view.more)} older ones are not shown.</p>}
      </Card>
      {(view.unknown.length > 0 || view.without.length > 0) && (
        <Card title="Outside the chain">
          <ul className="an-lines">
            {view.unknown.map(({ hash, claims, standing }) => (
              <li key={hash}>
                <Tag tone="amber">Unknown</Tag>
                <span>
                  <ShortId value={hash} /> is named by{' '}
                  <span className="num">{claims === 1 ? '1 claim' : `${grouped(claims)} claims`}</span> but signed by
                  nobody
                  {standing.length > 0 && (
                    <>
                      ; <Nodes nodes={standing} /> {standing.length === 1 ? 'stands' : 'stand'} under it
                    </>
                  )}
                  .
                </span>
              </li>
            ))}
            {view.without.length > 0 && (
              <li>
                <Tag tone="plain">None</Tag>
                <span>
                  <Nodes nodes={view.without} /> {view.without.length === 1 ? 'has' : 'have'} made no claim under an
                  anchor.
                </span>
              </li>
            )}
          </ul>
        </Card>
      )}
      {view.superseded.length > 0 && (
        <Card title="Put aside by newer anchors" note="These claims are kept; they no longer count.">
          <ul className="an-aside">
            {view.superseded.map((claim) => (
              <li key={claim.id}>
                <span className="ellipsis">
                  <span className="muted">
                    <DataText text={claim.claimant} limit={64} />
                  </span>{' '}
                  <a className="link mono num sm" href={hrefTo('receipts', claim.id)}>
                    #{grouped(claim.seq)}
                  </a>
                </span>
                <span>
                  <a className="link mono an-subject" href={hrefTo('receipts', null, { subject: claim.subject })}>
                    <DataText text={claim.subject} limit={300} />
                  </a>
                  <span className="sm muted an-why">
                    <DataText text={claim.why} limit={300} />
                  </span>
                </span>
                <span className="sm faint">
                  <When at={claim.time} />
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

function Anchor({ anchor }: { readonly anchor: AnchorEntry }) {
  return (
    <li data-state={anchor.state}>
      <div className="an-head">
        <h3>
          <DataText text={anchor.label} limit={100} />
        </h3>
        {anchor.state === 'newest' ? <Tag tone="green">Newest</Tag> : <Tag tone="plain">Followed</Tag>}
        <span className="sm faint">
          <ShortId value={anchor.hash} />
        </span>
        <span className="sm faint an-end">
          <When at={anchor.time} />
        </span>
      </div>
      <dl className="an-facts sm">
        <dt>Signed by</dt>
        <dd>
          {anchor.signedBy.map((receipt, place) => (
            <span key={receipt.id}>
              {place > 0 && ', '}
              <a className="link" href={hrefTo('receipts', receipt.id)}>
                <DataText text={receipt.nodeName} limit={64} />
              </a>
            </span>
          ))}
        </dd>
        <dt>Follows</dt>
        <dd>
          {anchor.previous.length === 0 ? (
            <span className="faint">nothing: a beginning</span>
          ) : (
            anchor.previous.map(({ hash, label }) => <DataText key={hash} text={label} limit={100} />)
          )}
        </dd>
        <dt>Stands here</dt>
        <dd>
          {anchor.standing.length === 0 ? <span className="faint">nobody</span> : <Nodes nodes={anchor.standing} />}
        </dd>
        <dt>Claims</dt>
        <dd>
          <span className="num">{grouped(anchor.claims)}</span>
          {anchor.claims > 0 && (
            <>
              {' · '}
              <a className="link" href={hrefTo('receipts', null, { anchor: anchor.hash })}>
                receipts under it
              </a>
            </>
          )}
        </dd>
      </dl>
    </li>
  )
}

function Nodes({ nodes }: { readonly nodes: readonly { readonly node: string; readonly name: string }[] }) {
  return (
    <>
      {nodes.map(({ node, name }, place) => (
        <span key={node}>
          {place > 0 && (place === nodes.length - 1 ? ' and ' : ', ')}
          <a className="link" href={hrefTo('network', node)}>
            <DataText text={name} limit={64} />
          </a>
        </span>
      ))}
    </>
  )
}

type Origin = Origins['items'][number]

const ANCHOR_WORDS: Readonly<Record<Origin['anchors']['state'], { readonly tone: Tone; readonly word: string }>> = {
  newest: { tone: 'green', word: 'Newest' },
  behind: { tone: 'amber', word: 'Behind' },
  diverges: { tone: 'amber', word: 'Diverges' },
  missing: { tone: 'plain', word: 'Missing' },
  unreadable: { tone: 'red', word: 'Unreadable' },
}

const CAPSULE_WORDS: Readonly<Record<Origin['capsule']['state'], { readonly tone: Tone; readonly word: string }>> = {
  ok: { tone: 'green', word: 'Hashes hold' },
  partial: { tone: 'amber', word: 'Partly here' },
  unchecked: { tone: 'plain', word: 'Not here to check' },
  mismatch: { tone: 'red', word: 'Hash differs' },
  unreadable: { tone: 'red', word: 'Unreadable' },
  missing: { tone: 'plain', word: 'Missing' },
}

/** Shown once a node directory was imported: most networks have none. */
function OriginAnchors({ origins, onRetry }: { readonly origins: Resource<Origins>; readonly onRetry: () => void }) {
  if (origins.state === 'failed') return <ProblemPanel problem={origins.problem} onRetry={onRetry} compact />
  if (origins.state === 'loading' || origins.value.items.length === 0) return null
  const { items, anchors, capsule } = origins.value
  return (
    <Card title="Imported node directories" note={`${anchors.why} ${capsule.why}`}>
      <ul className="an-origins">
        {items.map((origin) => (
          <li key={origin.label}>
            <div className="an-head">
              <h3>
                <DataText text={origin.label} limit={100} />
              </h3>
              <Tag tone={ANCHOR_WORDS[origin.anchors.state].tone}>{ANCHOR_WORDS[origin.anchors.state].word}</Tag>
              <Tag tone={CAPSULE_WORDS[origin.capsule.state].tone}>
                Capsule: {CAPSULE_WORDS[origin.capsule.state].word.toLowerCase()}
              </Tag>
            </div>
            <dl className="an-facts sm">
              <dt>Anchors</dt>
              <dd>
                <span className="num">{grouped(origin.anchors.events)} events</span>
                {origin.anchors.last !== null && (
                  <span className="faint">
                    , last <When at={origin.anchors.last} />
                  </span>
                )}
                {origin.anchors.ahead.length > 0 && `; ${origin.anchors.ahead.join(', ')} went on from here`}
                {origin.anchors.diverging.length > 0 && `; ${origin.anchors.diverging.join(', ')} went another way`}
              </dd>
              <dt>Capsule</dt>
              <dd className="num">
                {origin.capsule.pointer ?? 'no version named'}; {grouped(origin.capsule.checked)} of{' '}
                {grouped(origin.capsule.listed)} listed files hashed again
              </dd>
              <FileHash file="anchors.json" hash={origin.anchors.hash} />
              <FileHash file="hashes.json" hash={origin.capsule.hash} />
              <dt>Signatures</dt>
              <dd className="num">
                <Signatures signatures={origin.signatures} files={origin.files} />
              </dd>
              <dt>Signed for by</dt>
              <dd>
                {origin.imports.map(({ receipt, nodeName, time }, place) => (
                  <span key={receipt}>
                    {place > 0 && ', '}
                    <a className="link" href={hrefTo('receipts', receipt)}>
                      <DataText text={nodeName} limit={64} />
                    </a>{' '}
                    <span className="faint">
                      <When at={time} />
                    </span>
                  </span>
                ))}
              </dd>
            </dl>
            {[...origin.anchors.warnings, ...origin.capsule.warnings].map((warning) => (
              <p key={warning} className="sm amber">
                <DataText text={warning} limit={400} />
              </p>
            ))}
          </li>
        ))}
      </ul>
    </Card>
  )
}

const SIGNATURE_WORDS: readonly { readonly state: string; readonly word: string; readonly isAmber?: true }[] = [
  { state: 'ok', word: 'hold' },
  { state: 'invalid', word: 'do not hold', isAmber: true },
  { state: 'unknown_key', word: 'under a key that is not in the directory', isAmber: true },
  { state: 'missing', word: 'carry none' },
  { state: 'skipped', word: 'were not checked' },
]

/** One row; none where the directory has no such file. */
function FileHash({ file, hash }: { readonly file: string; readonly hash: string | null }) {
  if (hash === null) return null
  return (
    <>
      <dt>{file}</dt>
      <dd className="faint">
        <ShortId value={hash} />
      </dd>
    </>
  )
}

/** What became of the signatures in its files; those that are no receipts have none. */
function Signatures({ signatures, files }: { readonly signatures: Origin['signatures']; readonly files: number }) {
  const shown = SIGNATURE_WORDS.filter(({ state }) => (signatures[state] ?? 0) > 0)
  return (
    <>
      {grouped(files)} {files === 1 ? 'file' : 'files'}
      {shown.map(({ state, word, isAmber }, place) => (
        <span key={state} className={isAmber === true ? 'amber' : undefined}>
          {place === 0 ? ': ' : ', '}
          {grouped(signatures[state] ?? 0)} {word}
        </span>
      ))}
    </>
  )
}
