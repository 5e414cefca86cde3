import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { paging, type Pages } from '#ui/store/pages.ts'
import { gate, problem } from './scratch-api.ts'

/** A list of numbers behind a cursor, as the core answers it. */
function numbers(all: () => readonly number[]) {
  let now: Pages<number> = { state: 'loading' }
  const asked: { after: number | undefined; limit: number }[] = []
  const pages = paging<number, number>(
    async (after, limit) => {
      asked.push({ after, limit })
      const rest = all().filter((number) => after === undefined || number > after)
      const items = rest.slice(0, limit)
      return { items, next: rest.length > limit ? (items.at(-1) ?? null) : null }
    },
    () => now,
    (next) => {
      now = next
    },
    10,
  )
  const items = () => (now.state === 'ready' ? now.items : [])
  return { pages, asked, items, now: () => now }
}

const upTo = (count: number) => Array.from({ length: count }, (_, place) => place)

test('a list grows page by page to its end', async () => {
  const list = numbers(() => upTo(25))
  await list.pages.refresh()
  expect(list.items()).toEqual(upTo(10))
  await list.pages.loadMore()
  await list.pages.loadMore()
  await list.pages.loadMore()
  expect(list.items()).toEqual(upTo(25))
  expect(list.now()).toMatchObject({ more: false })
  expect(list.asked).toHaveLength(3)
})

test('two requests for the next page at once bring it once', async () => {
  const list = numbers(() => upTo(25))
  await list.pages.refresh()
  await Promise.all([list.pages.loadMore(), list.pages.loadMore()])
  expect(list.items()).toEqual(upTo(20))
})

test('asked again, a list is read as far as it was looked at, so that no row jumps away', async () => {
  let all = upTo(100)
  const list = numbers(() => all)
  await list.pages.refresh()
  for (let page = 0; page < 4; page += 1) await list.pages.loadMore()
  list.pages.shown(35)
  all = all.filter((number) => number !== 3)
  await list.pages.refresh()
  expect(list.items().length).toBeGreaterThanOrEqual(35)
  expect(list.items()).not.toContain(3)
})

test('whatever the order of refreshing and loading, the rows are a beginning of the list without gaps or doubles', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('refresh', 'loadMore', 'restart'), { maxLength: 12 }), async (steps) => {
      const list = numbers(() => upTo(57))
      await list.pages.refresh()
      await Promise.all(steps.map((step) => list.pages[step as 'refresh']()))
      expect(list.items()).toEqual(upTo(list.items().length))
    }),
  )
})

test('a page that comes after the list was read anew is not put at its end', async () => {
  const slow = gate()
  let now: Pages<string> = { state: 'loading' }
  let world = 'old'
  const pages = paging<string, string>(
    async (after) => {
      if (after !== undefined) await slow.promise
      return { items: [`${world} ${after ?? 'first'}`], next: 'next' }
    },
    () => now,
    (next) => {
      now = next
    },
    1,
  )
  await pages.refresh()
  const more = pages.loadMore()
  world = 'new'
  await pages.restart()
  slow.resolve()
  await more
  expect(now).toMatchObject({ items: ['new first'] })
})

test('after the filter changed, the answer to the old one is not shown any more', async () => {
  const slow = gate()
  const shown: unknown[] = []
  let now: Pages<string> = { state: 'loading' }
  let filter = 'old'
  const pages = paging<string, string>(
    async () => {
      const asked = filter
      if (asked === 'old') await slow.promise
      return { items: [asked], next: null }
    },
    () => now,
    (next) => {
      now = next
      shown.push(next.state === 'ready' && next.items)
    },
    1,
  )
  const refreshing = pages.refresh()
  await Promise.resolve() // the question is on its way
  filter = 'new'
  const restarting = pages.restart()
  slow.resolve()
  await Promise.all([refreshing, restarting])
  expect(shown).toEqual([['new']])
})

test('a page that cannot be read leaves the rows and says why', async () => {
  let now: Pages<number> = { state: 'loading' }
  const pages = paging<number, number>(
    async (after) => {
      if (after !== undefined) throw problem('LEDGER_BUSY')
      return { items: [1], next: 1 }
    },
    () => now,
    (next) => {
      now = next
    },
    1,
  )
  await pages.refresh()
  await pages.loadMore()
  expect(now).toMatchObject({ state: 'ready', items: [1], more: true, problem: { code: 'LEDGER_BUSY' } })
})
