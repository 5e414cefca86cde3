// Steward's own four files: every path with its lineage, every conflict and notice, the counts, and the same for a person.
import { itemEntry, type ItemEntry } from './entries.ts'
import type { OutputFile, OutputFolder } from './output-adapter.ts'
import { FORMAT, type Settings, type Summary } from './summary.ts'
import { summaryMarkdown } from './summary-markdown.ts'
import { ITEM_SEVERITY, type Item, type ItemKind, type Rules } from './types.ts'
import { SHOWN_OF_A_KIND, type BatchAnswer } from './work.ts'

export class StewardFiles {
  readonly #folder: OutputFolder | null
  readonly #ledger: JsonList | null
  readonly #conflicts: JsonList | null
  /** Written behind all conflicts. */
  readonly #notices: JsonList | null
  readonly #shown: ItemEntry[] = []
  readonly #shownByKind = new Map<ItemKind, number>()

  /** Without a folder nothing is written, and the summary is made all the same. */
  constructor(folder: OutputFolder | null, settings: Settings, labels: readonly string[]) {
    this.#folder = folder
    const head = { format: FORMAT, settings, nodes: labels }
    this.#ledger = folder === null ? null : new JsonList(folder.file('ledger.json'), opening(head, 'receipts'))
    this.#conflicts = folder === null ? null : new JsonList(folder.file('conflicts.json'), opening(head, 'conflicts'))
    this.#notices = folder === null ? null : new JsonList(folder.spill(), '"notices": [\n')
  }

  add({ ledger, conflicts, notices, shown }: BatchAnswer): void {
    this.#ledger?.add(ledger)
    this.#conflicts?.add(conflicts)
    this.#notices?.add(notices)
    for (const entry of shown) this.#show(entry)
  }

  /** What concerns whole nodes. */
  addItem(item: Item, rules: Rules): void {
    const entry = itemEntry(item, null, rules)
    const list = ITEM_SEVERITY[item.kind] > 1 ? this.#conflicts : this.#notices
    list?.add(JSON.stringify(entry))
    this.#show(entry)
  }

  /** The first items of each kind. */
  get shown(): readonly ItemEntry[] {
    return this.#shown
  }

  /** Kinds of which no more are shown. */
  get full(): readonly ItemKind[] {
    return [...this.#shownByKind].flatMap(([kind, count]) => (count < SHOWN_OF_A_KIND ? [] : [kind]))
  }

  end(summary: Summary): void {
    if (this.#folder === null) return
    this.#ledger?.file.write('\n]\n}\n')
    this.#conflicts?.file.write('\n],\n')
    if (this.#notices !== null) this.#conflicts?.file.writeAllOf(this.#notices.file)
    this.#conflicts?.file.write('\n]\n}\n')
    this.#folder.file('summary.json').write(`${JSON.stringify(summary, null, 2)}\n`)
    this.#folder.file('summary.md').write(summaryMarkdown(summary))
  }

  #show(entry: ItemEntry): void {
    const count = this.#shownByKind.get(entry.kind) ?? 0
    if (count >= SHOWN_OF_A_KIND) return
    this.#shownByKind.set(entry.kind, count + 1)
    this.#shown.push(entry)
  }
}

/** One entry a line, so that a diff reads and a line can be found. */
class JsonList {
  readonly file: OutputFile
  #isEmpty = true

  constructor(file: OutputFile, head: string) {
    this.file = file
    file.write(head)
  }

  add(entries: string | Uint8Array): void {
    if (entries.length === 0) return
    if (!this.#isEmpty) this.file.write(',\n')
    this.#isEmpty = false
    this.file.write(entries)
  }
}

function opening(head: object, list: string): string {
  const members = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
  return `{\n${members.join('')}${JSON.stringify(list)}: [\n`
}
