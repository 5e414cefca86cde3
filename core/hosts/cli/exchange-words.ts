// How the exchange stands, for a script and for a person: its folder and state, why, what was kept, what to do; and what did not simply
// go in, counted by what it is.
import type { ExchangeState, ExchangeView, Trouble } from '#core/contract/index.ts'
import type { CoreClient } from '../thread/index.ts'
import { columns, counted, plain, shortTime } from './layout.ts'
import { everyItem } from './pages.ts'
import { terminalRemedy } from './remedies.ts'

/** States in which a pass could not do all of its work. */
const HINDERED = new Set<ExchangeState>(['none', 'missing', 'read-only', 'full', 'other-network', 'unreadable'])

export function isHindered({ state }: ExchangeView): boolean {
  return HINDERED.has(state)
}

/** As `--json` tells it; reason, kept and remedy where something is the matter. */
export function exchangeJson(view: ExchangeView) {
  const { folder, state, unpublished, reason } = view
  const matter = reason === null ? {} : { reason, kept: keptSentence(view), remedy: remedyOf(view) }
  return { state, ...matter, folder, unpublished }
}

/** Rows for `columns`: the folder and its state, then what is the matter. */
export function exchangeRows(view: ExchangeView): readonly (readonly string[])[] {
  const { folder, state, reason, unpublished } = view
  const matter = reason === null ? [] : [reason, keptSentence(view), remedyOf(view) ?? '']
  const waits =
    reason === null && unpublished > 0
      ? [`${counted(unpublished, 'receipt')} of this node not published yet: run \`steward sync\` with the passphrase.`]
      : []
  return [
    ['Folder', `${plain(folder ?? 'none')} (${state})`],
    ...[...matter, ...waits].map((line) => ['', plain(line)]),
  ]
}

export function exchangeText(view: ExchangeView): string {
  return columns(exchangeRows(view))
}

/** What `--json` tells of safety: where it is the exchange that is the matter, what is to be done is the same. */
export function safetyJson<Safety extends { readonly remedy: string | null }>(
  safety: Safety,
  view: ExchangeView,
): Safety {
  return safety.remedy === view.remedy ? { ...safety, remedy: remedyOf(view) } : safety
}

function remedyOf({ cause, remedy }: ExchangeView): string | null {
  return terminalRemedy(cause, remedy)
}

function keptSentence(view: ExchangeView): string {
  if (!isHindered(view)) return 'What this node signs is kept here and goes into the folder all the same.'
  const { unpublished } = view
  const waits =
    unpublished === 0
      ? ''
      : `; ${counted(unpublished, 'receipt')} of this node ${unpublished === 1 ? 'waits' : 'wait'} to be published`
  return `What was signed and read so far is kept in the data folder${waits}.`
}

/** What did not simply go in, by outcome, or by reason where several things wait; in the order in which they are told. */
const LABELS = {
  gap: 'Waiting behind a gap',
  'half-synced': 'Files that are not whole yet',
  rationed: 'Lines that are not judged yet',
  'behind-bad-signature': 'Lines behind a bad signature, not looked at',
  unreadable: 'Files that the system does not let be read',
  held: 'Held back, their time is ahead',
  placeholder: 'Files that are not downloaded yet',
  'conflict-copy': 'Conflict copies of a sync tool',
  'not-read': 'Entries beyond the limits, not read',
  refused: 'Refused',
} as const
export type TroubleCounts = Readonly<Partial<Record<keyof typeof LABELS, number>>>

/** Only what there is. */
export async function troubleCounts(client: CoreClient, view: ExchangeView): Promise<TroubleCounts> {
  const waiting: Record<string, number> = {}
  const listed = everyItem((after) => client.exchange.troubles({ outcome: 'waiting', limit: 200, ...after }))
  for await (const { reason, count } of listed) waiting[reason] = (waiting[reason] ?? 0) + count
  const { held, placeholders, conflictCopies, notRead, refused } = view
  const counts: Record<string, number> = {
    ...waiting,
    held,
    placeholder: placeholders,
    'conflict-copy': conflictCopies,
    'not-read': notRead,
    refused,
  }
  return Object.fromEntries(
    Object.keys(LABELS).flatMap((what) => ((counts[what] ?? 0) > 0 ? [[what, counts[what]]] : [])),
  )
}

export function troubleLines(counts: TroubleCounts): readonly string[] {
  return Object.entries(LABELS).flatMap(([what, label]) => {
    const count = counts[what as keyof typeof LABELS] // its own keys
    return count === undefined ? [] : [`${label}: ${count}`]
  })
}

export const HOW_TO_SEE_TROUBLES = '`steward troubles` says of each what it is, what was kept and what to do.'

export function troubleText(trouble: Trouble): string {
  const { outcome, source, detail, kept, remedy, id, firstSeen, count } = trouble
  const often = count === 1 ? '' : `, ${count} of them`
  return [
    `${outcome}: ${source}`,
    ...[detail, `Kept: ${kept}`, `To do: ${remedy}`].map((line) => `    ${line}`),
    `    Since ${shortTime(firstSeen)}${often}. Id: ${id}`,
  ]
    .map((line) => `${plain(line)}\n`)
    .join('')
}
