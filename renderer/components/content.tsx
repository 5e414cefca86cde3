// What a claim or a receipt carries, ready to be read.
import type { ContentView } from '#core/contract/index.ts'
import './content.css'
import { DataText } from './data-text.tsx'
import { sizeWords } from './size-words.ts'

/** How much of a text is drawn; what a page can lay out at once. */
const DRAWN_CHARACTERS = 200_000

export function Content({ content, label }: { readonly content: ContentView; readonly label: string }) {
  switch (content.type) {
    case 'json':
    case 'text':
      return (
        <>
          <pre className="content-text" role="region" aria-label={label} tabIndex={0}>
            <DataText text={content.type === 'json' ? laidOut(content) : content.text} pre limit={DRAWN_CHARACTERS} />
          </pre>
          {content.cut && (
            <p className="sm muted content-note">
              Cut after 1 MiB of {sizeWords(content.sizeBytes)}. Export the receipt to see all of it.
            </p>
          )}
        </>
      )
    case 'binary':
      return <p className="sm muted content-note">{sizeWords(content.sizeBytes)} that are no text.</p>
    case 'missing':
      return (
        <p className="sm content-note">
          <span className="amber">{content.why}</span> <span className="muted">{content.remedy}</span>
        </p>
      )
  }
}

/** Canonical JSON is one line; it is laid out to be read, where that changes nothing but spaces. */
function laidOut(content: { readonly text: string; readonly cut: boolean }): string {
  const { text, cut } = content
  if (cut || text.includes('\n')) return text
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? JSON.stringify(value, null, 2) : text
  } catch {
    return text // the core says json of what parses there; what does not parse here is shown untouched
  }
}
