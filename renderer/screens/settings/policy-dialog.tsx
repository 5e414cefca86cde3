import { ActionIcon, Button, NumberInput, Switch, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Policy } from '#core/contract/index.ts'
import { isSamePolicy, policySentences } from '#core/contract/policy-sentences.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { createNetworkPolicyStore, type NetworkPolicyState } from '#ui/store/network-policy-store.ts'
import { useSteward } from '#ui/store/stores.tsx'

const selectSign = (state: NetworkPolicyState) => state.sign
const selectSigning = (state: NetworkPolicyState) => state.signing
const selectProblem = (state: NetworkPolicyState) => state.signProblem

/** Edits a policy and shows, sentence by sentence, what would be signed. */
export function PolicyDialog({
  inForce,
  first,
  onClose,
}: {
  readonly inForce: Policy
  readonly first: Policy
  readonly onClose: () => void
}) {
  const sign = useSteward(createNetworkPolicyStore, selectSign)
  const signing = useSteward(createNetworkPolicyStore, selectSigning)
  const problem = useSteward(createNetworkPolicyStore, selectProblem)
  const [policy, setPolicy] = useState(first)
  const clean = withoutBlanks(policy)
  const submit = async () => {
    if (!(await sign(clean))) return
    notifications.show({ message: 'Signed. It takes effect when enough stewards have signed the same policy.' })
    onClose()
  }
  return (
    <Dialog
      title="Change the network policy"
      opened
      onClose={onClose}
      size="lg"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Leave it as it is
          </Button>
          <Button
            variant="filled"
            loading={signing}
            disabled={isSamePolicy(clean, inForce)}
            onClick={() => void submit()}
          >
            Sign this policy
          </Button>
        </>
      }
    >
      <div className="settings-form">
        <div className="policy-numbers">
          <NumberInput
            label="Stewards to settle a conflict"
            min={1}
            max={100}
            allowDecimal={false}
            value={policy.decisionsNeeded}
            onChange={(value) => setPolicy({ ...policy, decisionsNeeded: wholeNumber(value) })}
          />
          <NumberInput
            label="Stewards to admit a node"
            min={1}
            max={100}
            allowDecimal={false}
            value={policy.admissionsNeeded}
            onChange={(value) => setPolicy({ ...policy, admissionsNeeded: wholeNumber(value) })}
          />
          <NumberInput
            label="Days until a conflict is overdue"
            placeholder="never"
            min={1}
            max={3_650}
            allowDecimal={false}
            suffix=" days"
            value={policy.escalateAfterDays ?? ''}
            onChange={(value) => setPolicy(withEscalation(policy, value))}
          />
        </div>
        <Freshness rules={policy.freshness} onChange={(freshness) => setPolicy({ ...policy, freshness })} />
        <Patterns
          legend="Claims that must name an anchor"
          name="Anchored subject"
          subjects={policy.requireAnchor}
          onChange={(requireAnchor) => setPolicy({ ...policy, requireAnchor })}
        />
        <Patterns
          legend="Artefacts that everybody should have"
          name="Expected artefact"
          subjects={policy.expected ?? []}
          onChange={(expected) => setPolicy({ ...policy, expected: [...expected] })}
        />
        <Switch
          label="Take only signed files when a directory is imported"
          description="Otherwise unsigned files count, and never win over signed ones."
          checked={policy.unsignedImports === 'refuse'}
          onChange={(event) => setPolicy(withUnsigned(policy, event.currentTarget.checked))}
        />
        <div className="policy-preview">
          <div className="sm strong">You will sign</div>
          <ul className="settings-sentences sm">
            {policySentences(clean).map((sentence) => (
              <li key={sentence} data-new={!policySentences(inForce).includes(sentence) || undefined}>
                <DataText text={sentence} />
              </li>
            ))}
          </ul>
        </div>
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </div>
    </Dialog>
  )
}

function Freshness({
  rules,
  onChange,
}: {
  readonly rules: Policy['freshness']
  readonly onChange: (rules: Policy['freshness']) => void
}) {
  const set = (place: number, part: Partial<Policy['freshness'][number]>) =>
    onChange(rules.map((rule, at) => (at === place ? { ...rule, ...part } : rule)))
  return (
    <fieldset className="policy-rules">
      <legend className="sm strong">Claims that become stale</legend>
      {rules.map((rule, place) => (
        <div className="policy-rule" key={place}>
          <TextInput
            aria-label={`Subject of rule ${place + 1}`}
            placeholder="_report/usage/*"
            value={rule.subject}
            maxLength={1024}
            onChange={(event) => set(place, { subject: event.currentTarget.value })}
          />
          <NumberInput
            aria-label={`Hours of rule ${place + 1}`}
            min={1}
            max={87_600}
            allowDecimal={false}
            suffix=" h"
            value={rule.maxAgeHours}
            onChange={(value) => set(place, { maxAgeHours: wholeNumber(value) })}
          />
          <RemoveRule onRemove={() => onChange(rules.filter((_, at) => at !== place))} what={`rule ${place + 1}`} />
        </div>
      ))}
      <Button
        size="xs"
        leftSection={<Icon name="plus" size={13} />}
        onClick={() => onChange([...rules, { subject: '', maxAgeHours: 48 }])}
      >
        Add a subject
      </Button>
    </fieldset>
  )
}

function Patterns({
  legend,
  name,
  subjects,
  onChange,
}: {
  readonly legend: string
  /** What one of them is called by a screen reader. */
  readonly name: string
  readonly subjects: Policy['requireAnchor']
  readonly onChange: (subjects: Policy['requireAnchor']) => void
}) {
  return (
    <fieldset className="policy-rules">
      <legend className="sm strong">{legend}</legend>
      {subjects.map((subject, place) => (
        <div className="policy-rule" key={place}>
          <TextInput
            aria-label={`${name} ${place + 1}`}
            placeholder="_report/*"
            value={subject}
            maxLength={1024}
            onChange={(event) => {
              const typed = event.currentTarget.value
              onChange(subjects.map((before, at) => (at === place ? typed : before)))
            }}
          />
          <RemoveRule
            onRemove={() => onChange(subjects.filter((_, at) => at !== place))}
            what={`${name.toLowerCase()} ${place + 1}`}
          />
        </div>
      ))}
      <Button size="xs" leftSection={<Icon name="plus" size={13} />} onClick={() => onChange([...subjects, ''])}>
        Add a subject
      </Button>
    </fieldset>
  )
}

function RemoveRule({ onRemove, what }: { readonly onRemove: () => void; readonly what: string }) {
  return (
    <ActionIcon variant="subtle" size="lg" aria-label={`Remove ${what}`} onClick={onRemove}>
      <Icon name="cross" size={14} />
    </ActionIcon>
  )
}

/** What a network begins with is left out, so that an untouched policy stays the same. */
function withUnsigned({ unsignedImports: _, ...policy }: Policy, refuses: boolean): Policy {
  return refuses ? { ...policy, unsignedImports: 'refuse' } : policy
}

/** An empty field: a conflict never becomes overdue. */
function withEscalation({ escalateAfterDays: _, ...policy }: Policy, value: number | string): Policy {
  return value === '' ? policy : { ...policy, escalateAfterDays: Math.min(3_650, wholeNumber(value)) }
}

/** An empty field counts as one: the least a policy can ask. */
function wholeNumber(value: number | string): number {
  return Math.max(1, Math.floor(Number(value)) || 1)
}

function withoutBlanks({ expected: written, ...policy }: Policy): Policy {
  const expected = (written ?? []).filter((pattern) => pattern.trim() !== '')
  return {
    ...policy,
    ...(expected.length === 0 ? {} : { expected }),
    freshness: policy.freshness.filter(({ subject }) => subject.trim() !== ''),
    requireAnchor: policy.requireAnchor.filter((subject) => subject.trim() !== ''),
  }
}
