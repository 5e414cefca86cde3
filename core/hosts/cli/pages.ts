// Lists come in pages; a command that needs all of one walks them.
import type { Cursor } from '#core/contract/index.ts'

/** Spread into a list's input: where to go on, if anywhere. */
export type After = { readonly after?: Cursor }

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next: Cursor | null
}

export async function* everyItem<Item>(load: (after: After) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let page = await load({})
  yield* page.items
  while (page.next !== null) {
    page = await load({ after: page.next })
    yield* page.items
  }
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}
