// `prev_content_hash` is the hash of the whole file as it was before the event. TEOF writes the file with two spaces of indentation,
// so the earlier file can be built again from the later one: the same text with the event and all behind it left out.
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { parse, stringify } from 'lossless-json'

/**
 * Of the events that name a hash (by index), those for which a file built from the events before them has that hash. One pass: each
 * event is printed once, and the hash of what was printed so far is copied.
 */
export function confirmedLinks(bytes: Uint8Array, named: ReadonlyMap<number, string>): ReadonlySet<number> {
  const confirmed = new Set<number>()
  if (named.size === 0) return confirmed
  const file = parse(new TextDecoder().decode(bytes))
  if (!isObject(file) || !Array.isArray(file['events'])) return confirmed
  for (const escape of [unescaped, asciiOnly]) {
    const frame = frameOf({ ...file, events: [] }, escape)
    if (frame === null) return confirmed
    const [head, tail] = frame
    const soFar = createHash('sha256').update(`${head}[`)
    for (const [index, event] of file['events'].entries()) {
      const hash = named.get(index)
      if (hash !== undefined) {
        const earlier = index === 0 ? createHash('sha256').update(`${head}[]`) : soFar.copy().update('\n  ]')
        if (endsAs(earlier, tail, hash)) confirmed.add(index)
      }
      soFar.update(`${index === 0 ? '' : ','}\n    ${escape(printed(event)).replaceAll('\n', '\n    ')}`)
    }
  }
  return confirmed
}

const PLACE = '@events'

/** The text in front of the list of events and behind it. */
function frameOf(file: Readonly<Record<string, unknown>>, escape: Escape): readonly [string, string] | null {
  const text = escape(printed({ ...file, events: PLACE }))
  const marked = `\n  "events": "${PLACE}"`
  const at = text.indexOf(marked)
  if (at < 0) return null
  return [text.slice(0, at + marked.length - PLACE.length - 2), text.slice(at + marked.length)]
}

/** With and without a newline at the end: both are in use. */
function endsAs(earlier: Hash, tail: string, hash: string): boolean {
  const whole = earlier.update(tail)
  const withNewline = whole.copy().update('\n')
  return withNewline.digest('hex') === hash || whole.digest('hex') === hash
}

function printed(value: unknown): string {
  return stringify(value, undefined, 2) ?? ''
}

type Escape = (text: string) => string

const unescaped: Escape = (text) => text

/** As Python writes JSON unless told otherwise. */
export const asciiOnly: Escape = (text) =>
  text.replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
