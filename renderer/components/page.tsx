import type { ReactNode } from 'react'

/** A screen that scrolls as a whole. A screen with its own panes (list and detail) does without it. */
export function Page({
  title,
  aside,
  actions,
  width = 'wide',
  children,
}: {
  readonly title: string
  readonly aside?: ReactNode
  readonly actions?: ReactNode
  readonly width?: 'wide' | 'reading'
  readonly children: ReactNode
}) {
  return (
    <div className="page">
      <div className="page-body" data-width={width}>
        <header className="page-head">
          <h1>{title}</h1>
          {aside !== undefined && <span className="muted sm">{aside}</span>}
          {actions !== undefined && <div className="page-actions">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  )
}
