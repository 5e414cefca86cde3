import type { ReportLink } from './report-links.ts'

/** Where a figure was counted. `what` says to those who hear the page which figure. */
export function CountedFrom({ what, links }: { readonly what: string; readonly links: readonly ReportLink[] }) {
  if (links.length === 0) return null
  return (
    <nav className="rp-from sm" aria-label={`Counted from: ${what}`}>
      {links.map(({ text, href }) => (
        <a key={text} className="link" href={href}>
          {text}
        </a>
      ))}
    </nav>
  )
}
