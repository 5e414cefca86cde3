// One task: its plans with what they say about themselves, its steps with who says what by which receipts, and the rest.
import { Button } from '@mantine/core'
import type { PlanFact, StepSaid, TaskPlan, TaskReceipt, TaskStep, TaskView } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ConflictTag, Tag, type Tone } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Resource } from '#ui/store/resource.ts'

export function TaskPage({
  task,
  view,
  onRetry,
}: {
  readonly task: string
  readonly view: Resource<TaskView>
  readonly onRetry: () => void
}) {
  switch (view.state) {
    case 'loading':
      return <ListSkeleton rows={6} label="Loading the task" />
    case 'failed':
      return view.problem.code === 'NOT_FOUND' ? (
        <EmptyState icon="tasks" title="Nothing was signed under this task">
          <DataText text={task} limit={300} />
        </EmptyState>
      ) : (
        <ProblemPanel problem={view.problem} onRetry={onRetry} />
      )
    case 'ready':
      return <Task view={view.value} />
  }
}

function Task({ view }: { readonly view: TaskView }) {
  const lacking = view.steps.filter((step) => step.missing.length > 0).length
  const disagreeing = view.steps.filter((step) => step.state === 'disagrees').length
  const done = view.steps.filter((step) => step.state === 'done').length
  return (
    <div className="tk">
      <header>
        {view.title !== null && (
          <div className="sm faint mono">
            <DataText text={view.task} limit={400} />
          </div>
        )}
        <h2>
          <DataText text={view.title ?? view.task} limit={300} />
        </h2>
        <div className="tk-figures sm">
          {view.steps.length > 0 && (
            <a className="link num" href="#tk-steps" onClick={jumpTo('tk-steps')}>
              {done} of {view.steps.length} steps done
            </a>
          )}
          {lacking > 0 && (
            <a className="link num amber" href="#tk-steps" onClick={jumpTo('tk-steps')}>
              {lacking === 1 ? '1 step lacks receipts' : `${lacking} steps lack receipts`}
            </a>
          )}
          {disagreeing > 0 && (
            <span className="amber num">{disagreeing === 1 ? '1 step' : `${disagreeing} steps`} in dispute</span>
          )}
          {view.conflicts.length > 0 && (
            <a className="link num amber" href="#tk-conflicts" onClick={jumpTo('tk-conflicts')}>
              {view.conflicts.length === 1 ? '1 open conflict' : `${grouped(view.conflicts.length)} open conflicts`}
            </a>
          )}
          <a className="link num" href={hrefTo('receipts', null, { task: view.task })}>
            {grouped(view.receipts)} receipts
          </a>
          {view.steps.length > 0 && <Why about={{ type: 'count', name: 'tasks' }} what="when a step is done" />}
          <span className="muted">
            {view.claimants.map(({ name, receipts }) => `${name} ${grouped(receipts)}`).join(' · ')}
          </span>
        </div>
      </header>
      {view.conflicts.length > 0 && <Conflicts view={view} />}
      {view.steps.length > 0 ? (
        <section id="tk-steps" className="tk-steps" aria-label="Steps" tabIndex={-1}>
          {view.steps.map((step) => (
            <Step key={`${step.plan} ${step.step}`} task={view.task} step={step} withPlan={step.plan !== view.task} />
          ))}
        </section>
      ) : (
        <p className="muted">
          No plan says which steps this task has. A plan file (_plans/….plan.json), a plan/proposed receipt or a plan
          step brings them.
        </p>
      )}
      {view.plans.length > 0 && <Plans plans={view.plans} />}
      {view.others.length > 0 && (
        <Card title="Other receipts of this task" note="They name the task, and no step of it.">
          <ReceiptLines receipts={view.others} />
        </Card>
      )}
      {view.more > 0 && (
        <p className="sm muted">
          The newest are shown.{' '}
          <a className="link" href={hrefTo('receipts', null, { task: view.task })}>
            {grouped(view.more)} older receipts
          </a>
        </p>
      )}
      <div>
        <Button
          component="a"
          href={hrefTo('receipts', 'sign', { task: view.task })}
          leftSection={<Icon name="plus" size={14} />}
        >
          Sign a receipt for it
        </Button>
      </div>
    </div>
  )
}

function Conflicts({ view }: { readonly view: TaskView }) {
  return (
    <Card title="Where nodes disagree" className="tk-conflicts">
      <ul id="tk-conflicts" tabIndex={-1} className="tk-lines">
        {view.conflicts.map((conflict) => (
          <li key={conflict.id}>
            <ConflictTag kind={conflict.kind} severity={conflict.severity} wide />
            <a className="link" href={hrefTo('conflicts', conflict.id)}>
              <DataText text={conflict.title} limit={200} />
            </a>
            <span className="sm faint tk-end">
              <When at={conflict.since} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

const STATES: Readonly<
  Record<TaskStep['state'], { readonly tone: Tone; readonly word: string; readonly why: string }>
> = {
  done: { tone: 'green', word: 'Done', why: 'Called done by naming at least one receipt.' },
  unproven: { tone: 'amber', word: 'Unproven', why: 'Called done without a receipt, so it does not count as done.' },
  disagrees: { tone: 'amber', word: 'In dispute', why: 'Some call it done and some do not.' },
  open: { tone: 'plain', word: 'Open', why: 'Nobody calls it done.' },
}

function Step({
  task,
  step,
  withPlan,
}: {
  readonly task: string
  readonly step: TaskStep
  readonly withPlan: boolean
}) {
  const { tone, word, why } = STATES[step.state]
  return (
    <Card className="tk-step">
      <div className="tk-step-head">
        <span className="mono strong">
          <DataText text={step.step} limit={60} />
        </span>
        <h3>
          <DataText text={step.title ?? step.step} limit={240} />
        </h3>
        <span title={why} className="tk-end">
          <Tag tone={tone}>{word}</Tag>
        </span>
      </div>
      {withPlan && (
        <div className="xs faint mono">
          <DataText text={step.plan} limit={160} />
        </div>
      )}
      {step.missing.length > 0 && (
        <ul className="tk-missing sm" aria-label="What is missing">
          {step.missing.map((missing) => (
            <li key={missing}>
              <Icon name="warning" size={14} />
              <span>
                <DataText text={missing} limit={500} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {step.said.length > 0 && (
        <ul className="tk-said" aria-label="Who says what">
          {step.said.map((said) => (
            <Said key={`${said.receipt.id} ${said.by}`} said={said} />
          ))}
        </ul>
      )}
      {step.receipts.length > 0 && <ReceiptLines receipts={step.receipts} />}
      {step.state !== 'done' && (
        <a className="link sm tk-sign" href={hrefTo('receipts', 'sign', { task, plan: step.plan, step: step.step })}>
          Sign a receipt for this step
        </a>
      )}
    </Card>
  )
}

function Said({ said }: { readonly said: StepSaid }) {
  const off = said.superseded !== null
  return (
    <li data-off={off || undefined}>
      <span className={off ? 'faint' : 'strong'}>
        <DataText text={said.claimant} limit={64} />
      </span>
      <span>
        <span className={off ? 'tk-struck' : ''}>
          <DataText text={said.status === '' ? 'says nothing' : said.status} limit={64} />
        </span>{' '}
        <span className="faint sm">{said.by === 'plan' ? 'in its plan' : 'by receipt'}</span>{' '}
        <a className="link mono num sm" href={hrefTo('receipts', said.receipt.id)}>
          #{grouped(said.receipt.seq)}
        </a>
        {said.note !== null && said.note !== '' && (
          <span className="sm muted tk-note">
            <DataText text={said.note} limit={600} />
          </span>
        )}
        {said.names.length > 0 && (
          <span className="sm tk-names">
            {said.names.map(({ text, receipt }) =>
              receipt === null ? (
                <span key={text} className="amber mono" title={text}>
                  <DataText text={shortName(text)} limit={80} />
                </span>
              ) : (
                <a key={text} className="link mono" href={hrefTo('receipts', receipt)} title={text}>
                  <DataText text={shortName(text)} limit={80} />
                </a>
              ),
            )}
          </span>
        )}
        {off && (
          <span className="sm muted tk-note">
            <DataText text={said.superseded ?? ''} limit={300} />
          </span>
        )}
      </span>
      <span className="sm faint tk-end">
        <When at={said.receipt.time} />
      </span>
    </li>
  )
}

/** The last part of a path, the beginning of an id. */
function shortName(text: string): string {
  return text.startsWith('sha256:') ? text.slice(7, 15) : (text.split('/').at(-1) ?? text)
}

function ReceiptLines({ receipts }: { readonly receipts: readonly TaskReceipt[] }) {
  return (
    <ul className="tk-lines" aria-label="Receipts">
      {receipts.map((receipt) => (
        <li key={receipt.id} data-off={receipt.superseded !== null || undefined}>
          <span className={receipt.superseded === null ? 'strong' : 'faint'}>
            <DataText text={receipt.claimant} limit={64} />
          </span>
          <span className="tk-subject">
            <a
              className={receipt.superseded === null ? 'link mono' : 'link mono tk-struck'}
              href={hrefTo('receipts', receipt.id)}
            >
              <DataText text={receipt.subject} limit={300} />
            </a>
            {receipt.superseded !== null && (
              <span className="sm muted tk-note">
                <DataText text={receipt.superseded} limit={300} />
              </span>
            )}
          </span>
          <span className="tk-end sm">
            {receipt.conflict !== null && (
              <a className="link amber" href={hrefTo('conflicts', receipt.conflict)}>
                in conflict
              </a>
            )}{' '}
            <span className="faint">
              <When at={receipt.time} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Plans({ plans }: { readonly plans: readonly TaskPlan[] }) {
  return (
    <Card title="Plans" note="Each node’s, also those that a newer one replaced.">
      <ul className="tk-plans">
        {plans.map((plan) => (
          <li key={plan.receipt.id} data-off={plan.superseded !== null || undefined}>
            <div>
              <span className={plan.superseded === null ? 'strong' : 'faint'}>
                <DataText text={plan.claimant} limit={64} />
              </span>{' '}
              <a className="link mono num sm" href={hrefTo('receipts', plan.receipt.id)}>
                #{grouped(plan.receipt.seq)}
              </a>{' '}
              <span className="sm faint">
                <When at={plan.receipt.time} />
              </span>
              {plan.superseded !== null && (
                <div className="sm muted">
                  <DataText text={plan.superseded} limit={300} />
                </div>
              )}
            </div>
            <Facts facts={plan.facts} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Facts({ facts }: { readonly facts: readonly PlanFact[] }) {
  if (facts.length === 0) return <span className="sm faint">says nothing more about itself</span>
  return (
    <dl className="tk-facts sm">
      {facts.map(({ key, text }) => (
        <div key={key}>
          <dt className="muted">
            <DataText text={key.replaceAll('_', ' ')} limit={64} />
          </dt>
          <dd>
            <DataText text={text} limit={400} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The address names the screen, so a jump within it is made here. */
function jumpTo(id: string) {
  return (event: React.MouseEvent) => {
    event.preventDefault()
    const target = document.getElementById(id)
    target?.scrollIntoView({ block: 'start' })
    target?.focus({ preventScroll: true })
  }
}
