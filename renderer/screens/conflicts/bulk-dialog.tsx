// Several conflicts at once: a rule, what it would sign for each, and the steward's last word on every one of them.
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import type { BulkRule, NodeId } from '#core/contract/index.ts'
import { saidBy } from '#core/contract/sentence.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { shortUtc } from '#ui/components/relative-time.ts'
import { useNowMs } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import { type BulkDraft, bulkDecisions, bulkHindrance, type BulkItem } from '#ui/store/bulk-store.ts'
import { CLAIM_COLORS } from './claim-names.ts'
import './bulk-dialog.css'

export interface BulkDialogProps {
  readonly draft: BulkDraft
  readonly nodes: readonly { readonly node: NodeId; readonly name: string }[]
  readonly undoSeconds: number
  readonly onRule: (rule: BulkRule) => void
  readonly onToggle: (item: BulkItem) => void
  readonly onWrite: (text: { readonly reason?: string; readonly planStep?: string }) => void
  readonly onRetry: () => void
  readonly onSign: () => void
  readonly onClose: () => void
}

export function BulkDialog(props: BulkDialogProps) {
  const { draft } = props
  const count = bulkDecisions(draft).length
  const hindrance = bulkHindrance(draft)
  return (
    <Dialog
      title={`Decide ${draft.conflicts.length.toLocaleString('en')} conflicts together`}
      opened
      onClose={props.onClose}
      size="xl"
      foot={
        <>
          <span className="sm muted bulk-foot-note" role="status">
            {draft.preview.state === 'ready' ? (hindrance ?? footNote(count, props.undoSeconds)) : ''}
          </span>
          <Button variant="subtle" onClick={props.onClose}>
            Cancel
          </Button>
          <Button variant="filled" disabled={hindrance !== null} onClick={props.onSign}>
            {count === 1 ? 'Sign 1 decision' : `Sign ${count.toLocaleString('en')} decisions`}
          </Button>
        </>
      }
    >
      <p className="sm muted">
        Each is signed as its own receipt. Choose a rule, look at what it would sign, take out what does not fit.
        {draft.leftOut > 0 &&
          ` ${draft.leftOut.toLocaleString('en')} more are selected than fit at once; they stay open for the next time.`}
      </p>
      <Rule {...props} />
      <Preview {...props} />
      <div className="bulk-words">
        <TextInput
          label="Reason, the same for all"
          data-autofocus
          required={draft.rule?.type === 'none'}
          maxLength={4000}
          value={draft.reason}
          onChange={(event) => props.onWrite({ reason: event.currentTarget.value })}
        />
        <TextInput
          label="Plan step"
          maxLength={256}
          value={draft.planStep}
          onChange={(event) => props.onWrite({ planStep: event.currentTarget.value })}
        />
      </div>
    </Dialog>
  )
}

function footNote(count: number, undoSeconds: number): string {
  const receipts = count === 1 ? '1 receipt' : `${count.toLocaleString('en')} receipts`
  return undoSeconds === 0 ? receipts : `${receipts}; you can undo for ${undoSeconds} seconds.`
}

function Rule({ draft, nodes, onRule }: BulkDialogProps) {
  const [first] = nodes
  const choose = (type: string) => {
    if (type === 'newest' || type === 'none') onRule({ type })
    else if (first !== undefined) onRule({ type: 'node', node: first.node })
  }
  return (
    <div className="bulk-rule">
      <SegmentedControl
        aria-label="Rule"
        value={draft.rule?.type ?? ''}
        onChange={choose}
        data={[
          { value: 'newest', label: 'The newest claim holds' },
          { value: 'node', label: 'The claim of one node holds', disabled: nodes.length === 0 },
          { value: 'none', label: 'No claim holds' },
        ]}
      />
      {draft.rule?.type === 'node' && (
        <Select
          aria-label="Node"
          size="sm"
          allowDeselect={false}
          data={nodes.map(({ node, name }) => ({ value: node, label: name }))}
          value={draft.rule.node}
          onChange={(value) => {
            const found = nodes.find(({ node }) => node === value)
            if (found !== undefined) onRule({ type: 'node', node: found.node })
          }}
        />
      )}
    </div>
  )
}

function Preview({ draft, onToggle, onRetry }: BulkDialogProps) {
  const { preview } = draft
  switch (preview.state) {
    case 'loading':
      return <ListSkeleton rows={4} label="Loading the preview" />
    case 'failed':
      return <ProblemPanel problem={preview.problem} onRetry={onRetry} compact />
    case 'ready':
      return (
        <ul className="bulk-items" aria-label="What would be signed">
          {preview.value.map((item) => (
            <Item
              key={item.conflict}
              item={item}
              checked={item.verdict !== null && !draft.takenOut.has(item.conflict)}
              ruled={draft.rule !== null}
              onToggle={() => onToggle(item)}
            />
          ))}
        </ul>
      )
  }
}

function Item({
  item,
  checked,
  ruled,
  onToggle,
}: {
  readonly item: BulkItem
  readonly checked: boolean
  readonly ruled: boolean
  readonly onToggle: () => void
}) {
  const nowMs = useNowMs()
  return (
    <li>
      <label className="bulk-item" data-off={!checked || undefined}>
        <input type="checkbox" checked={checked} disabled={item.verdict === null} onChange={onToggle} />
        <span>
          <span className="mono sm muted bulk-subject">
            <DataText text={item.subject} limit={300} />
          </span>
          {item.verdict === null && !ruled ? (
            <span className="faint sm">No rule is chosen yet.</span>
          ) : item.verdict === null ? (
            <span className="amber sm">
              The rule does not decide this one: <DataText text={item.why ?? 'it names no claim here'} limit={300} />
            </span>
          ) : (
            <span>
              “<DataText text={item.sentence} limit={500} />”
            </span>
          )}
        </span>
      </label>
      <ul className="bulk-claims sm">
        {item.claims.map((claim, place) => (
          <li key={claim.receipt} data-claim={place % CLAIM_COLORS}>
            <a className="link" href={hrefTo('receipts', claim.receipt)}>
              <DataText text={claim.nodeName} limit={64} /> #{claim.seq.toLocaleString('en')}
            </a>
            <span className="bulk-said mono">
              <DataText text={saidBy(claim)} limit={160} />
            </span>
            <span className="faint num">{shortUtc(claim.time, nowMs)}</span>
          </li>
        ))}
      </ul>
    </li>
  )
}
