import type { ReactNode } from 'react'

/** One setting: what it is on the left, its value or control on the right. */
export function Row({
  label,
  note,
  children,
}: {
  readonly label: ReactNode
  readonly note?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <div className="settings-row">
      <div className="settings-label">
        <div className="strong">{label}</div>
        {note !== undefined && <div className="sm muted">{note}</div>}
      </div>
      <div className="settings-value">{children}</div>
    </div>
  )
}
