import type { ConflictSummary } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import type { RowState } from '#ui/components/virtual-list.tsx'
import { ConflictTag, Tag } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { rowLine } from './claim-names.ts'

/** What this window knows of a row beside the core's answer. */
export type RowMark = 'signing' | 'later' | null

export const CONFLICT_ROW_PX = 88

export function ConflictRow({
  conflict,
  row,
  mark,
  onSelect,
}: {
  readonly conflict: ConflictSummary
  readonly row: RowState
  readonly mark: RowMark
  readonly onSelect: (range: boolean) => void
}) {
  const name = conflict.subjectName
  return (
    <div className="cf-row" role="gridcell" data-dim={mark === 'signing' || undefined}>
      <div className="cf-row-head">
        <input
          type="checkbox"
          className="cf-row-box"
          tabIndex={-1}
          aria-label={`Select ${name}`}
          checked={row.selected}
          onChange={() => undefined}
          onClick={(event) => {
            event.stopPropagation()
            onSelect(event.shiftKey)
          }}
        />
        <ConflictTag kind={conflict.kind} severity={conflict.severity} />
        {conflict.escalated !== null && (
          <span className="cf-row-tag" title={conflict.escalated}>
            <Tag tone="red">Overdue</Tag>
          </span>
        )}
        {conflict.reopened && <Tag tone="amber">Open again</Tag>}
        {conflict.status === 'settled' && <Tag tone="green">Settled</Tag>}
        {mark === 'signing' && <Tag tone="tide">Signing</Tag>}
        {mark === 'later' && <Tag tone="plain">Later</Tag>}
        <span className="cf-row-age">
          <When at={conflict.since} short />
        </span>
      </div>
      <div className="cf-row-name ellipsis" title={conflict.subject}>
        <DataText text={name} limit={200} />
      </div>
      <div className="cf-row-why ellipsis" title={conflict.title}>
        <DataText text={rowLine(conflict)} limit={300} />
      </div>
    </div>
  )
}
