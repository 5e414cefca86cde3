import type { ReactNode } from 'react'

/** A raised part of a page. `aside` stands at the right end of its heading. */
export function Card({
  title,
  note,
  aside,
  className,
  children,
}: {
  readonly title?: string
  readonly note?: ReactNode
  readonly aside?: ReactNode
  readonly className?: string
  readonly children?: ReactNode
}) {
  return (
    <section className={className === undefined ? 'card' : `card ${className}`} aria-label={title}>
      {title !== undefined && (
        <div className="card-head">
          <h2 className="card-title">{title}</h2>
          {aside}
        </div>
      )}
      {note !== undefined && <div className="card-note">{note}</div>}
      {children}
    </section>
  )
}
