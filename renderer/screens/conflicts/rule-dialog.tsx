// "Make a rule for conflicts like this": what it is for, what it chooses, until when, and what it would decide among what is open now.
import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { RuleChoice } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { valueOf } from '#ui/store/resource.ts'
import {
  createRulesStore,
  type RuleDraft,
  ruleOf,
  type RulesState,
  type RuleSuggestion,
} from '#ui/store/rules-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './rules.css'

const wholeState = (state: RulesState) => state

export function RuleDialog() {
  const { draft, write, end, sign } = useSteward(createRulesStore, wholeState)
  if (draft === null) return null
  const suggestion = valueOf(draft.suggestion)
  const rule = ruleOf(draft)
  const preview = valueOf(draft.preview)
  const submit = async () => {
    const decided = await sign()
    if (decided === null) return
    const done = decided === 1 ? 'It decided 1 conflict.' : `It decided ${grouped(decided)} conflicts.`
    notifications.show({ message: `The rule is signed. ${done} See it under Standing rules.` })
  }
  return (
    <Dialog
      title="Make a rule for conflicts like this"
      opened
      onClose={end}
      size="lg"
      foot={
        <>
          <span className="sm muted rule-foot" role="status">
            {preview !== null && footNote(preview.decides)}
          </span>
          <Button variant="subtle" onClick={end}>
            Cancel
          </Button>
          <Button
            variant="filled"
            loading={draft.signing}
            disabled={rule === null || preview === null}
            onClick={() => void submit()}
          >
            Sign this rule
          </Button>
        </>
      }
    >
      {draft.suggestion.state === 'loading' && <ListSkeleton rows={3} label="Looking at conflicts like this" />}
      {draft.suggestion.state === 'failed' && <ProblemPanel problem={draft.suggestion.problem} compact />}
      {suggestion !== null && (
        <div className="rule-form">
          <p className="sm muted">
            A standing rule is a signed receipt that everybody sees. It decides only by your node, each time by a
            decision that names it, and you can take it back. Forks, invalid content and disagreements always wait for a
            person.
            {suggestion.decidedBefore > 0 &&
              ` You have decided on this subject ${suggestion.decidedBefore === 1 ? 'once' : `${suggestion.decidedBefore} times`} before.`}
          </p>
          <Select
            label="For claims on"
            allowDeselect={false}
            data={suggestion.subjects.map(({ pattern, open }) => ({
              value: pattern,
              label: `${pattern}   (${open === 1 ? '1 open' : `${grouped(open)} open`})`,
            }))}
            value={draft.form.subject}
            onChange={(value) => value !== null && write({ subject: value })}
          />
          {suggestion.task !== null && (
            <Checkbox
              label={`Only in task ${suggestion.task}`}
              checked={draft.form.onlyTask}
              onChange={(event) => write({ onlyTask: event.currentTarget.checked })}
            />
          )}
          <Select
            label="What holds"
            allowDeselect={false}
            data={choicesFor(suggestion).map(({ key, label }) => ({ value: key, label }))}
            value={keyOfChoice(draft.form.choice)}
            onChange={(value) => {
              const found = choicesFor(suggestion).find(({ key }) => key === value)
              if (found !== undefined) write({ choice: found.choice })
            }}
          />
          <div className="rule-pair">
            <NumberInput
              label="For so many days"
              min={1}
              max={366}
              allowDecimal={false}
              value={draft.form.days}
              onChange={(value) => write({ days: Math.min(366, Math.max(1, Math.floor(Number(value)) || 1)) })}
            />
            <TextInput
              label="Reason"
              maxLength={4000}
              value={draft.form.reason}
              onChange={(event) => write({ reason: event.currentTarget.value })}
            />
          </div>
          <Preview draft={draft} />
          {draft.problem !== null && <ProblemPanel problem={draft.problem} compact />}
        </div>
      )}
    </Dialog>
  )
}

function footNote(decides: number): string {
  if (decides === 0) return 'It decides nothing now, and what comes later.'
  return decides === 1 ? 'It decides 1 conflict at once.' : `It decides ${grouped(decides)} conflicts at once.`
}

interface Offered {
  readonly key: string
  readonly label: string
  readonly choice: RuleChoice
}

/** What a rule for this conflict could choose; the numbers follow from how many claims there are. */
function choicesFor({ nodes, origins, claims }: RuleSuggestion): readonly Offered[] {
  const of = Math.max(3, claims)
  const needed = Math.floor(of / 2) + 1
  const offered: readonly { readonly label: string; readonly choice: RuleChoice }[] = [
    { label: 'The claim with the latest time', choice: { type: 'newest' } },
    ...nodes.map(({ node, name }) => ({
      label: `The newest claim of ${name}`,
      choice: { type: 'node' as const, node },
    })),
    ...origins.map((origin) => ({
      label: `What the directory ${origin} says`,
      choice: { type: 'origin' as const, origin },
    })),
    { label: `What ${needed} of at least ${of} say alike`, choice: { type: 'agreeing', needed, of } },
    { label: 'All claims, side by side', choice: { type: 'several' } },
  ]
  return offered.map((one) => ({ ...one, key: keyOfChoice(one.choice) }))
}

function keyOfChoice(choice: RuleChoice): string {
  return JSON.stringify(choice)
}

function Preview({ draft }: { readonly draft: RuleDraft }) {
  const { preview } = draft
  switch (preview.state) {
    case 'loading':
      return <ListSkeleton rows={3} label="Loading the preview" />
    case 'failed':
      return <ProblemPanel problem={preview.problem} compact />
    case 'ready': {
      const { sentence, items, decides, leaves } = preview.value
      return (
        <section className="rule-preview" aria-label="What you will sign">
          <p>
            You will sign:{' '}
            <b>
              “<DataText text={sentence} limit={1_000} />”
            </b>
          </p>
          {items.length > 0 && (
            <ul aria-label="What it would decide now">
              {items.map((item) => (
                <li key={item.conflict}>
                  <span className="mono sm muted">
                    <DataText text={item.subject} limit={300} />
                  </span>
                  {item.verdict === null ? (
                    <span className="amber sm">
                      Left to you: <DataText text={item.why ?? ''} limit={300} />
                    </span>
                  ) : (
                    <span>
                      “<DataText text={item.sentence} limit={500} />”
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
          {decides + leaves > items.length && (
            <p className="sm muted">{grouped(decides + leaves - items.length)} more are not listed.</p>
          )}
        </section>
      )
    }
  }
}
