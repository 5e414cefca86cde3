// The foot of a review: one button a verdict, the reason, and the sentence that signing would make true.
import { Button, TextInput } from '@mantine/core'
import type { Ref } from 'react'
import type { ConflictReview, MemberView } from '#core/contract/index.ts'
import { verdictSentence } from '#core/contract/sentence.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { needsReason, readiness, type VerdictDraft } from '#ui/store/verdict-draft.ts'
import { CLAIM_COLORS, keyOfClaim, noneLabel, pickLabel, pickTitle } from './claim-names.ts'
import { ReplacementEditor } from './replacement-editor.tsx'
import './verdict-bar.css'

export interface VerdictBarProps {
  readonly review: ConflictReview
  readonly draft: VerdictDraft
  readonly undoSeconds: number
  /** What kept the last try from being signed; said until the draft changes. */
  readonly hint: string | null
  readonly reasonRef: Ref<HTMLInputElement>
  readonly editorRef: Ref<HTMLTextAreaElement>
  readonly onClaim: (place: number) => void
  readonly onSeveral: () => void
  readonly onNone: () => void
  readonly onReplacement: () => void
  readonly onStartFrom: (claim: MemberView) => void
  readonly onEdit: (text: string) => void
  readonly onReason: (reason: string) => void
  readonly onPlanStep: (planStep: string) => void
  readonly onLater: () => void
  readonly onSign: () => void
}

export function VerdictBar({ reasonRef, editorRef, ...props }: VerdictBarProps) {
  const { review, draft, hint } = props
  const { members } = review
  const ready = readiness(draft, members)
  const required = needsReason(draft.choice)
  return (
    <footer className="verdict" aria-label="Your decision">
      <VerdictButtons {...props} />
      {draft.choice.type === 'replacement' && (
        <ReplacementEditor
          choice={draft.choice}
          claims={members}
          editorRef={editorRef}
          onEdit={props.onEdit}
          onStartFrom={props.onStartFrom}
        />
      )}
      <div className="verdict-words">
        <TextInput
          ref={reasonRef}
          className="verdict-reason"
          aria-label={required ? 'Reason, required' : 'Reason'}
          aria-required={required}
          placeholder={required ? 'Reason (required)' : 'Reason (others will read it)'}
          maxLength={4000}
          data-keys="reason"
          error={hint !== null && required && draft.reason.trim() === ''}
          value={draft.reason}
          onChange={(event) => props.onReason(event.currentTarget.value)}
        />
        <TextInput
          className="verdict-step"
          aria-label="Plan step"
          placeholder="Plan step"
          maxLength={256}
          data-keys="reason"
          value={draft.planStep}
          onChange={(event) => props.onPlanStep(event.currentTarget.value)}
        />
        <Button
          variant="filled"
          disabled={!ready.ready}
          onClick={props.onSign}
          className="verdict-sign"
          rightSection={<Kbd onAccent>↵</Kbd>}
        >
          Sign decision
        </Button>
      </div>
      <p className="verdict-sentence sm muted" aria-live="polite">
        {hint !== null ? (
          <span className="amber">{hint}</span>
        ) : ready.ready ? (
          <>
            You will sign:{' '}
            <b>
              “<DataText text={verdictSentence({ ...review.summary, members }, ready.verdict)} limit={1_000} />”
            </b>{' '}
            <WhatFollows {...props} />
          </>
        ) : draft.choice.type === 'undecided' ? (
          <>
            Choose what holds. You will see the sentence before you sign it. <WhatFollows {...props} />
          </>
        ) : draft.choice.type === 'several' ? (
          `Press the keys of all claims that are right. Chosen: ${draft.choice.receipts.length}.`
        ) : (
          ready.why
        )}
      </p>
    </footer>
  )
}

function WhatFollows({ review, undoSeconds }: Pick<VerdictBarProps, 'review' | 'undoSeconds'>) {
  return (
    <span className="verdict-follows">
      {followers(review)} {undoWords(undoSeconds)}
    </span>
  )
}

function followers({ quorum }: ConflictReview): string {
  return quorum.needed > 1
    ? `It settles once ${quorum.needed} stewards agree; ${quorum.have} did so far.`
    : 'Every node of the network follows.'
}

function undoWords(seconds: number): string {
  return seconds === 0 ? 'You can withdraw any time.' : `You can undo for ${seconds} seconds, withdraw any time.`
}

function VerdictButtons(props: Omit<VerdictBarProps, 'reasonRef' | 'editorRef'>) {
  const { review, draft } = props
  const { members, verdicts, summary } = review
  const chosen =
    draft.choice.type === 'pick' ? [draft.choice.receipt] : draft.choice.type === 'several' ? draft.choice.receipts : []
  return (
    <div className="verdict-buttons" role="group" aria-label="Verdict">
      {verdicts.includes('pick') && (
        <div className="verdict-claims">
          {members.map((claim, place) => (
            <Verdict
              key={claim.receipt}
              shortcut={keyOfClaim(place)}
              claimPlace={place}
              pressed={chosen.includes(claim.receipt)}
              words={pickLabel(summary.kind, claim, members)}
              title={pickTitle(summary.kind, claim, members)}
              onPress={() => props.onClaim(place)}
            />
          ))}
        </div>
      )}
      <div className="verdict-others">
        {verdicts.includes('several') && members.length > 1 && (
          <Verdict
            shortcut="B"
            pressed={draft.choice.type === 'several'}
            words={members.length === 2 ? 'Both valid' : 'Several'}
            onPress={props.onSeveral}
          />
        )}
        {verdicts.includes('none') && (
          <Verdict
            shortcut="N"
            pressed={draft.choice.type === 'none'}
            words={noneLabel(summary.kind, members.length)}
            onPress={props.onNone}
          />
        )}
        {verdicts.includes('replacement') && (
          <Verdict
            shortcut="M"
            pressed={draft.choice.type === 'replacement'}
            words="Replace…"
            onPress={props.onReplacement}
          />
        )}
        <button type="button" className="verdict-button verdict-later" title="Later" onClick={props.onLater}>
          <Kbd>D</Kbd> <span className="verdict-word">Later</span>
        </button>
      </div>
    </div>
  )
}

function Verdict({
  shortcut,
  claimPlace,
  pressed,
  words,
  title = words,
  onPress,
}: {
  readonly shortcut: string | null
  readonly claimPlace?: number
  readonly pressed: boolean
  readonly words: string
  readonly title?: string
  readonly onPress: () => void
}) {
  return (
    <button
      type="button"
      className="verdict-button"
      data-claim={claimPlace === undefined ? undefined : claimPlace % CLAIM_COLORS}
      data-keys={pressed ? 'chosen-verdict' : undefined}
      aria-pressed={pressed}
      title={title}
      onClick={onPress}
    >
      {shortcut !== null && <Kbd>{shortcut}</Kbd>}
      <span className="verdict-word ellipsis">
        <DataText text={words} limit={120} />
      </span>
    </button>
  )
}
