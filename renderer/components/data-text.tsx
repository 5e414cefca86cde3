// Text that came from a receipt. It is shown as text only, and what would hide or turn round is made visible.
import { Fragment } from 'react'
import { grouped } from './grouped.ts'

export type TextPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'mark'; readonly code: string; readonly name: string }

/** `pre` keeps line breaks and indentation. Text over `limit` characters is cut, and the cut is said. */
export function DataText({
  text,
  pre = false,
  limit = 4_000,
}: {
  readonly text: string
  readonly pre?: boolean
  readonly limit?: number
}) {
  const shown = text.length > limit ? text.slice(0, limit) : text
  return (
    <bdi className={pre ? 'data-text data-text-pre' : 'data-text'}>
      {markHidden(shown, pre).map((part, place) =>
        part.type === 'text' ? (
          <Fragment key={place}>{part.text}</Fragment>
        ) : (
          <span key={place} className="data-mark" title={part.name}>
            {part.code}
          </span>
        ),
      )}
      {shown.length < text.length && (
        <span className="data-mark">{grouped(text.length - shown.length)} more characters</span>
      )}
    </bdi>
  )
}

// Controls (C0, DEL, C1), soft hyphen, Arabic letter mark, zero-width and direction marks, line and paragraph separators,
// embeddings, overrides and isolates, invisible operators, the byte order mark, tags, lone surrogates.
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- finding control characters is what this is for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

const NAMES: Readonly<Record<number, string>> = {
  0x00: 'null character',
  0x09: 'tab',
  0x0a: 'line break',
  0x0d: 'carriage return',
  0x1b: 'escape',
  0xad: 'soft hyphen',
  0x200b: 'zero-width space',
  0x200c: 'zero-width non-joiner',
  0x200d: 'zero-width joiner',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'end of direction',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'end of isolate',
  0xfeff: 'byte order mark',
}

/** Splits text into what can be shown as it is and marks for what could not be seen. */
export function markHidden(text: string, keepLines = false): readonly TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(HIDDEN)) {
    const code = match[0].codePointAt(0) ?? 0
    if (keepLines && (code === 0x0a || code === 0x09)) continue
    if (match.index > from) parts.push({ type: 'text', text: text.slice(from, match.index) })
    parts.push({
      type: 'mark',
      code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`,
      name: NAMES[code] ?? 'invisible character',
    })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ type: 'text', text: text.slice(from) })
  return parts
}
