// One receipt in full: what it says, whether it holds, where it stands, who has it.
import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type {
  Json,
  ProofFile,
  ProofForm,
  ReceiptDetail as Detail,
  ReceiptId,
  ReceiptRef,
} from '#core/contract/index.ts'
import { wayWords } from '#core/contract/way-words.ts'
import { AnchorFact } from '#ui/components/anchor-fact.tsx'
import { Content } from '#ui/components/content.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { ExportProof } from '#ui/components/export-proof.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { exactUtc } from '#ui/components/relative-time.ts'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { Usage } from '#ui/components/usage-view.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import { type AppStoreState, createAppStore } from '#ui/store/app-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { OpenReceipt } from '#ui/store/receipts-store.ts'
import { bodyRows } from './body-rows.ts'
import { fileSignature } from './file-signature.ts'
import { LiveChecks } from './live-checks.tsx'
import { stateWords } from './receipt-columns.ts'
import './receipt-detail.css'

export interface ReceiptDetailProps {
  readonly open: OpenReceipt
  readonly onClose: () => void
  readonly onRetry: () => void
  readonly onCheckAgain: () => void
  readonly proof: (id: ReceiptId, form: ProofForm) => Promise<ProofFile>
}

export function ReceiptDetail(props: ReceiptDetailProps) {
  const { open, onClose } = props
  return (
    <section className="rd" aria-label="Receipt">
      <header className="rd-head">
        <h2>Receipt</h2>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label="Close the receipt"
          onClick={onClose}
          leftSection={<Icon name="cross" size={14} />}
        >
          Close
        </Button>
      </header>
      <div className="rd-body" role="region" aria-label="Receipt in full" tabIndex={0}>
        <Body {...props} detail={open.detail} />
      </div>
    </section>
  )
}

function Body(props: ReceiptDetailProps & { readonly detail: OpenReceipt['detail'] }) {
  const { detail, open, onRetry, onCheckAgain } = props
  switch (detail.state) {
    case 'loading':
      return <ListSkeleton rows={4} label="Loading the receipt" />
    case 'failed':
      return <ProblemPanel problem={detail.problem} onRetry={onRetry} />
    case 'ready': {
      const receipt = detail.value
      return (
        <>
          <Says detail={receipt} />
          <Marks detail={receipt} />
          <Facts detail={receipt} />
          <LiveChecks checks={open.checks} onAgain={onCheckAgain} />
          <Saying detail={receipt} />
          <Neighbours detail={receipt} />
          <HeldBy detail={receipt} />
          <Canonical {...props} detail={receipt} />
        </>
      )
    }
  }
}

function Says({ detail: { summary } }: { readonly detail: Detail }) {
  return (
    <div>
      <div className="rd-subject">
        <DataText text={summary.subject} limit={1_024} />
      </div>
      <div className="sm muted">
        <span className="mono">{summary.kind}</span>
        {!summary.kindKnown && ' (this version does not know the kind: kept and passed on)'}
        {summary.task !== null && (
          <>
            {' '}
            · task{' '}
            <a className="link" href={hrefTo('tasks', summary.task)}>
              <DataText text={summary.task} limit={300} />
            </a>
          </>
        )}
      </div>
    </div>
  )
}

/** Three marks that say three things. An unknown signer is not a broken signature, and a missing anchor is neither. */
function Marks({ detail: { marks, summary, conflicts, anchor } }: { readonly detail: Detail }) {
  const words = stateWords(summary.state)
  return (
    <div className="rd-marks">
      <Tag tone={marks.signatureValid ? 'green' : 'red'}>
        {marks.signatureValid ? 'signature valid' : 'signature does not hold'}
      </Tag>
      <Tag tone={marks.nodeAdmitted ? 'green' : 'amber'}>
        {marks.nodeAdmitted ? 'node admitted' : 'node not admitted'}
      </Tag>
      <Tag tone={ANCHOR_MARKS[anchor.state].tone}>{ANCHOR_MARKS[anchor.state].word}</Tag>
      {words !== null && <Tag tone={words.tone}>{words.word}</Tag>}
      {conflicts.map((conflict) => (
        <a key={conflict} className="link sm" href={hrefTo('conflicts', conflict)}>
          part of a conflict
        </a>
      ))}
      <Why about={{ type: 'receipt', id: summary.id }} what="what this receipt is worth here" />
      {words !== null && <p className="sm muted rd-why">{words.why}</p>}
    </div>
  )
}

const ANCHOR_MARKS: Readonly<Record<Detail['anchor']['state'], { readonly tone: Tone; readonly word: string }>> = {
  verified: { tone: 'green', word: 'anchor verified' },
  stale: { tone: 'amber', word: 'anchor stale' },
  unknown: { tone: 'amber', word: 'anchor unknown' },
  missing: { tone: 'plain', word: 'no anchor' },
}

function Facts({ detail }: { readonly detail: Detail }) {
  const { summary, anchor, arrived } = detail
  return (
    <dl className="rd-facts">
      <Fact name="Node">
        <a className="link" href={hrefTo('network', summary.node)}>
          <DataText text={summary.nodeName} limit={64} />
        </a>{' '}
        <span className="faint">·</span> <ShortId value={summary.node} />
      </Fact>
      <Fact name="Receipt">
        <span className="mono num">#{summary.seq.toLocaleString('en')}</span> <span className="faint">·</span>{' '}
        <ShortId value={summary.id} />
      </Fact>
      <Fact name="Signed">
        {exactUtc(summary.time)}{' '}
        <span className="faint">
          <When at={summary.time} />
        </span>
        {detail.timeRunsBackwards && (
          <div className="amber sm">Its time is before its predecessor’s. It is accepted; its clock was set back.</div>
        )}
      </Fact>
      <Fact name="Anchor">
        <AnchorFact anchor={anchor} />
      </Fact>
      <SignatureInFile body={detail.body} />
      <Fact name="Arrived">
        {wayWords(arrived.way)}{' '}
        <span className="faint">
          <When at={arrived.at} />
        </span>
        {arrived.way !== 'own' && arrived.source !== '' && (
          <div className="sm faint mono rd-source">
            <DataText text={arrived.source} limit={300} />
          </div>
        )}
      </Fact>
    </dl>
  )
}

/** Of an imported file: the receipt is signed by who imported it, what stands in the file by its origin. */
function SignatureInFile({ body }: { readonly body: Json }) {
  const signature = fileSignature(body)
  if (signature === null) return null
  return (
    <Fact name="In the file">
      <Tag tone={signature.tone}>{signature.word}</Tag>
      {signature.keyId !== null && (
        <>
          {' '}
          <span className="mono sm">
            <DataText text={signature.keyId} limit={100} />
          </span>
        </>
      )}
      <div className="sm faint">
        <DataText text={signature.detail} limit={400} />
      </div>
    </Fact>
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

function Saying({ detail: { body, content, summary } }: { readonly detail: Detail }) {
  return (
    <section className="rd-part" aria-label="Body">
      <h3>What it says</h3>
      <Usage id={summary.id} subject={summary.subject} />
      <BodyList body={body} />
      {content !== null && (
        <div className="rd-content">
          <Content content={content} label="Content of the receipt" />
        </div>
      )}
    </section>
  )
}

function BodyList({ body }: { readonly body: Json }) {
  const { rows, more } = bodyRows(body)
  if (rows.length === 0) return <p className="sm muted">The body is empty.</p>
  return (
    <>
      <dl className="rd-says">
        {rows.map(({ path, value }) => (
          <div key={path}>
            <dt className="mono">
              <DataText text={path} limit={256} />
            </dt>
            <dd>
              <Value value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {more > 0 && (
        <p className="sm muted">{more.toLocaleString('en')} more values; the canonical JSON below has all of them.</p>
      )}
    </>
  )
}

function Value({ value }: { readonly value: null | boolean | number | string }) {
  if (typeof value !== 'string') return <span className="mono">{String(value)}</span>
  return /^(sha256:[0-9a-f]{64}|did:key:\w+)$/.test(value) ? (
    <ShortId value={value} />
  ) : (
    <DataText text={value} pre limit={4_000} />
  )
}

function Neighbours({ detail: { previous, next } }: { readonly detail: Detail }) {
  return (
    <section className="rd-part" aria-label="Neighbours in its feed">
      <h3>Beside it in the feed</h3>
      <ul className="rd-lines">
        <li>
          <span className="faint sm">before</span>
          {previous === null ? <span className="muted sm">nothing: it is the first</span> : <Ref receipt={previous} />}
        </li>
        {next.length === 0 ? (
          <li>
            <span className="faint sm">after</span>
            <span className="muted sm">nothing yet</span>
          </li>
        ) : (
          next.map((receipt) => (
            <li key={receipt.id}>
              <span className="faint sm">after</span>
              <Ref receipt={receipt} />
            </li>
          ))
        )}
      </ul>
      {next.length > 1 && <p className="sm red">Two receipts name this one as their predecessor: a fork.</p>}
    </section>
  )
}

function Ref({ receipt }: { readonly receipt: ReceiptRef }) {
  return (
    <span>
      <a className="link mono num" href={hrefTo('receipts', receipt.id)}>
        #{receipt.seq.toLocaleString('en')}
      </a>{' '}
      <span className="mono sm muted">{receipt.kind}</span>{' '}
      <span className="faint sm">
        <When at={receipt.time} />
      </span>
    </span>
  )
}

const selectOwn = (state: AppStoreState) => valueOf(state.app)?.node?.id ?? null

function HeldBy({ detail: { heldBy, summary } }: { readonly detail: Detail }) {
  const own = useSteward(createAppStore, selectOwn)
  const holders = heldBy.filter(({ holds }) => holds).length
  return (
    <section className="rd-part" aria-label="Held by">
      <h3>
        Held by {holders.toLocaleString('en')} of {heldBy.length.toLocaleString('en')}{' '}
        {heldBy.length === 1 ? 'node' : 'nodes'}
      </h3>
      <ul className="rd-lines rd-holders">
        {heldBy.map(({ node, nodeName, holds, at }) => (
          <li key={node}>
            <span className={holds ? 'green' : 'amber'}>
              <Icon name={holds ? 'check' : 'clock'} size={14} />
              <span className="visually-hidden">{holds ? 'holds it' : 'does not say so yet'}</span>
            </span>
            <span>
              <DataText text={nodeName} limit={64} />{' '}
              <span className="faint sm">
                {node === own ? (
                  node === summary.node ? (
                    'this node, which signed it'
                  ) : (
                    'this node'
                  )
                ) : node === summary.node ? (
                  'signed it'
                ) : at === null ? (
                  'has not said yet'
                ) : (
                  <>
                    said <When at={at} />
                  </>
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Canonical({ detail, proof }: ReceiptDetailProps & { readonly detail: Detail }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(detail.canonical)
    setCopied(true)
  }
  return (
    <section className="rd-part" aria-label="Canonical JSON">
      <div className="rd-part-head">
        <h3>Canonical JSON</h3>
        <span className="sm muted">exactly as signed</span>
      </div>
      <pre className="rd-canonical" role="region" aria-label="Canonical JSON of the receipt" tabIndex={0}>
        <DataText text={detail.canonical} pre limit={100_000} />
      </pre>
      <div className="rd-acts">
        <Button size="xs" onClick={() => void copy()} leftSection={<Icon name={copied ? 'check' : 'copy'} size={14} />}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <ExportProof proof={(form) => proof(detail.summary.id, form)} />
      </div>
    </section>
  )
}
