import { expect, test } from 'vitest'
import { createPaletteStore, rankActions, type PaletteAction } from '#ui/store/palette.ts'
import { gate, os, problem, scratchApi, until } from './scratch-api.ts'

const action = (title: string, keywords = ''): PaletteAction => ({ id: title, title, keywords, run: () => undefined })
const ACTIONS = [
  action('Go to the overview', 'home'),
  action('Review conflicts', 'queue decide'),
  action('See settled conflicts', 'decisions withdraw'),
  action('Check the ledger', 'doctor'),
]
const ranked = (text: string) => rankActions(ACTIONS, text).map(({ title }) => title)

test('without a text every action is offered in its order', () => {
  expect(ranked('  ')).toEqual(ACTIONS.map(({ title }) => title))
})

test('a title that begins with the text comes before one that has it in a later word', () => {
  expect(ranked('se')).toEqual(['See settled conflicts'])
  expect(ranked('conflicts')).toEqual(['Review conflicts', 'See settled conflicts'])
  expect(ranked('c')).toEqual(['Check the ledger', 'Review conflicts', 'See settled conflicts'])
})

test('an action is found by other words for it, and by the beginnings of several words', () => {
  expect(ranked('doctor')).toEqual(['Check the ledger'])
  expect(ranked('se con')).toEqual(['See settled conflicts'])
  expect(ranked('zebra')).toEqual([])
})

test('only the answer to the newest text is shown', async () => {
  const slow = gate()
  const asked: string[] = []
  const api = scratchApi({
    app: {
      search: os.app.search.handler(async ({ input }) => {
        asked.push(input.text)
        if (input.text === 'mill') await slow.promise
        return {
          items: [{ type: 'peer', id: `did:key:z6Mk${'m'.repeat(44)}` as never, title: input.text, detail: '' }],
        }
      }),
    },
  })
  const palette = createPaletteStore(api)
  palette.getState().type('mill')
  await until({ getState: () => asked, subscribe: (tell) => poll(() => tell(asked)) }, (texts) => texts.length === 1)
  palette.getState().type('mill-creek')
  await until(palette, ({ found }) => found[0]?.title === 'mill-creek')
  slow.resolve()
  await slow.promise
  expect(palette.getState().found.map(({ title }) => title)).toEqual(['mill-creek'])
})

test('a search that fails says so and offers no old results', async () => {
  const api = scratchApi({
    app: {
      search: os.app.search.handler(() => {
        throw problem('LEDGER_BUSY', 'The ledger is busy.')
      }),
    },
  })
  const palette = createPaletteStore(api)
  palette.getState().type('x')
  const { problem: said, found } = await until(palette, (state) => state.problem !== null)
  expect(said?.happened).toBe('The ledger is busy.')
  expect(found).toEqual([])
})

test('closing forgets what was typed', () => {
  const palette = createPaletteStore(scratchApi({}))
  palette.getState().open()
  palette.getState().close()
  expect(palette.getState()).toMatchObject({ opened: false, text: '', searching: false })
})

/** Calls back until it is left; for a plain array that no store tells about. */
function poll(tell: () => void): () => void {
  const timer = setInterval(tell, 5)
  return () => clearInterval(timer)
}
