// Standing rules: all that stand or stood, whose they are, what each has decided, and taking one's own back.
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { RuleView } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { Page } from '#ui/components/page.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { useAct } from '#ui/components/use-act.ts'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Resource } from '#ui/store/resource.ts'
import { createRulesStore, type RuleDecisions, type RulesState } from '#ui/store/rules-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './rules.css'

const wholeState = (state: RulesState) => state

export function RulesPage({ maySign }: { readonly maySign: boolean }) {
  const { rules, unfolded, unfold, revoke, refresh } = useSteward(createRulesStore, wholeState)
  const [revoking, setRevoking] = useState<RuleView | null>(null)
  return (
    <Page
      title="Standing rules"
      width="reading"
      aside={rules.state === 'ready' && `${rules.value.filter(({ state }) => state === 'in-force').length} in force`}
      actions={
        <Button component="a" href={hrefTo('conflicts')}>
          Back to the conflicts
        </Button>
      }
    >
      <p className="muted rules-intro">
        A rule decides conflicts that repeat, only by the node whose steward signed it, and each time by a decision that
        names it. Nothing is decided silently: every use stands below and in the conflict itself.
      </p>
      {rules.state === 'loading' && <ListSkeleton rows={3} label="Loading the rules" />}
      {rules.state === 'failed' && <ProblemPanel problem={rules.problem} onRetry={refresh} />}
      {rules.state === 'ready' && rules.value.length === 0 && (
        <EmptyState icon="rule" title="No standing rules">
          Open a conflict that comes again and again and choose “Make a rule for conflicts like this”.
        </EmptyState>
      )}
      {rules.state === 'ready' && rules.value.length > 0 && (
        <ul className="rules">
          {rules.value.map((rule) => (
            <li key={rule.id}>
              <Rule
                rule={rule}
                decisions={unfolded?.rule === rule.id ? unfolded.decisions : null}
                maySign={maySign}
                onUnfold={() => unfold(unfolded?.rule === rule.id ? null : rule.id)}
                onRevoke={() => setRevoking(rule)}
              />
            </li>
          ))}
        </ul>
      )}
      {revoking !== null && (
        <RevokeDialog
          rule={revoking}
          onRevoke={(reason) => revoke(revoking.id, reason)}
          onClose={() => setRevoking(null)}
        />
      )}
    </Page>
  )
}

const STATES: Readonly<Record<RuleView['state'], { readonly tone: Tone; readonly word: string }>> = {
  'in-force': { tone: 'green', word: 'In force' },
  ended: { tone: 'plain', word: 'Over' },
  revoked: { tone: 'plain', word: 'Taken back' },
}

function Rule({
  rule,
  decisions,
  maySign,
  onUnfold,
  onRevoke,
}: {
  readonly rule: RuleView
  readonly decisions: Resource<RuleDecisions> | null
  readonly maySign: boolean
  readonly onUnfold: () => void
  readonly onRevoke: () => void
}) {
  const { tone, word } = STATES[rule.state]
  const count = rule.decided === 1 ? '1 decision' : `${grouped(rule.decided)} decisions`
  return (
    <Card className="rule-card">
      <div className="rule-head">
        <Tag tone={tone}>{word}</Tag>
        <span className="strong">
          <DataText text={rule.mine ? `${rule.nodeName} (you)` : rule.nodeName} limit={80} />
        </span>
        <a className="link sm" href={hrefTo('receipts', rule.id)}>
          signed
        </a>
        <span className="sm faint">
          <When at={rule.time} />
        </span>
        {rule.mine && rule.state === 'in-force' && (
          <Button size="xs" className="rule-end" disabled={!maySign} onClick={onRevoke}>
            Take back…
          </Button>
        )}
      </div>
      <p data-off={rule.state !== 'in-force' || undefined} className="rule-sentence">
        <DataText text={rule.sentence} limit={1_000} />
      </p>
      {rule.rule.reason !== '' && (
        <p className="sm muted">
          Reason: <DataText text={rule.rule.reason} limit={1_000} />
        </p>
      )}
      {rule.revoked !== null && (
        <p className="sm muted">
          <a className="link" href={hrefTo('receipts', rule.revoked.receipt)}>
            Taken back
          </a>{' '}
          <When at={rule.revoked.time} />
          {rule.revoked.reason !== '' && (
            <>
              : <DataText text={rule.revoked.reason} limit={600} />
            </>
          )}
        </p>
      )}
      {rule.decided === 0 ? (
        <p className="sm faint">It has decided nothing yet.</p>
      ) : (
        <button type="button" className="link sm num" aria-expanded={decisions !== null} onClick={onUnfold}>
          {decisions === null ? `It made ${count}` : 'Fold its decisions'}
        </button>
      )}
      {decisions !== null && <Decisions decisions={decisions} />}
    </Card>
  )
}

function Decisions({ decisions }: { readonly decisions: Resource<RuleDecisions> }) {
  switch (decisions.state) {
    case 'loading':
      return <ListSkeleton rows={2} label="Loading its decisions" />
    case 'failed':
      return <ProblemPanel problem={decisions.problem} compact />
    case 'ready':
      return (
        <ul className="rule-decisions sm">
          {decisions.value.map((decision) => (
            <li key={decision.id}>
              <a className="link" href={hrefTo('receipts', decision.id)}>
                <When at={decision.time} />
              </a>
              <span>
                “<DataText text={decision.sentence} limit={400} />”{' '}
                <a className="link mono" href={hrefTo('conflicts', decision.conflict)}>
                  <DataText text={decision.subject} limit={200} />
                </a>
                {decision.withdrawn && <span className="muted"> (withdrawn)</span>}
              </span>
            </li>
          ))}
        </ul>
      )
  }
}

function RevokeDialog({
  rule,
  onRevoke,
  onClose,
}: {
  readonly rule: RuleView
  readonly onRevoke: (reason: string) => Promise<void>
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const { busy, problem, run } = useAct()
  return (
    <Dialog
      title="Take this rule back"
      opened
      onClose={onClose}
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Leave it in force
          </Button>
          <Button variant="filled" loading={busy} onClick={() => run(() => onRevoke(reason), onClose)}>
            Sign that it is taken back
          </Button>
        </>
      }
    >
      <p>
        “<DataText text={rule.sentence} limit={1_000} />”
      </p>
      <p className="sm muted">
        It decides nothing more, on every node. What it has decided stays; each decision can be withdrawn in its
        conflict.
      </p>
      <TextInput
        label="Reason"
        data-autofocus
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </Dialog>
  )
}
