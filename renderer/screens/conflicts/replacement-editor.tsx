import { Textarea } from '@mantine/core'
import type { Ref } from 'react'
import type { MemberView } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { parseJsonText } from '#core/contract/typed-json.ts'
import type { Choice } from '#ui/store/verdict-draft.ts'
import { CLAIM_COLORS, claimLabel } from './claim-names.ts'

/** A body to be signed in place of all claims. It starts as one of them, and says while it is written whether it can be signed. */
export function ReplacementEditor({
  choice,
  claims,
  editorRef,
  onEdit,
  onStartFrom,
}: {
  readonly choice: Extract<Choice, { type: 'replacement' }>
  readonly claims: readonly MemberView[]
  readonly editorRef: Ref<HTMLTextAreaElement>
  readonly onEdit: (text: string) => void
  readonly onStartFrom: (claim: MemberView) => void
}) {
  const parsed = parseJsonText(choice.text)
  return (
    <div className="replacement">
      <div className="replacement-head" role="group" aria-label="Start from a claim">
        Start from
        {claims.map((claim, place) => (
          <button
            key={claim.receipt}
            type="button"
            className="chip"
            data-claim={place % CLAIM_COLORS}
            data-on={claim.receipt === choice.from || undefined}
            aria-pressed={claim.receipt === choice.from}
            onClick={() => onStartFrom(claim)}
          >
            <DataText text={claimLabel(claim, claims)} limit={64} />
          </button>
        ))}
      </div>
      <Textarea
        ref={editorRef}
        aria-label="Replacement, as JSON"
        rows={9}
        spellCheck={false}
        data-keys="editor"
        value={choice.text}
        onChange={(event) => onEdit(event.currentTarget.value)}
      />
      <div className="replacement-state sm" role="status">
        {parsed.ok ? <span className="green">This can be signed.</span> : <span className="amber">{parsed.why}</span>}
      </div>
    </div>
  )
}
