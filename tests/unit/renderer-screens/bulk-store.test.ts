import { expect, test } from 'vitest'
import { bulkDecisions, type BulkDraft, bulkHindrance, createBulkStore } from '#ui/store/bulk-store.ts'
import { claim, conflictId, nodeId, review, smallCore, until } from './small-network.ts'

const two = [claim('ada', '12'), claim('ben', '14')]
const three = [...two, claim('cleo', '15')]

async function begun() {
  const core = smallCore([review('a', two), review('b', two), review('c', three)])
  const store = createBulkStore(core.api)
  store.getState().begin(['a', 'b', 'c'].map(conflictId))
  const ready = async (): Promise<BulkDraft> => {
    const { draft } = await until(store, (state) => state.draft?.preview.state === 'ready')
    if (draft === null) throw new Error('the draft was ended')
    return draft
  }
  const before = await ready()
  store.getState().setRule({ type: 'newest' })
  await ready()
  return { store, ready, before }
}

test('the preview names every conflict; those that the rule does not decide are not signed', async () => {
  const { ready } = await begun()
  const draft = await ready()
  expect(draft.preview).toMatchObject({ value: [{}, {}, { verdict: null, why: 'The node made no claim here.' }] })
  expect(bulkDecisions(draft).map(({ input }) => input.conflict)).toEqual(['a', 'b'].map(conflictId))
})

test('no rule is chosen beforehand: what the claims say is shown, and nothing can be signed', async () => {
  const { before } = await begun()
  expect(before).toMatchObject({
    rule: null,
    preview: {
      value: [
        {
          claims: [
            { nodeName: 'ada', gist: '12' },
            { nodeName: 'ben', gist: '14' },
          ],
        },
        {},
        {},
      ],
    },
  })
  expect(bulkDecisions(before)).toEqual([])
  expect(bulkHindrance(before)).toContain('Choose the rule')
})

test('what is unchecked is not signed, and what is checked again is', async () => {
  const { store, ready } = await begun()
  store.getState().toggle(conflictId('a'))
  expect(bulkDecisions(await ready()).map(({ input }) => input.conflict)).toEqual([conflictId('b')])
  store.getState().toggle(conflictId('a'))
  expect(bulkDecisions(await ready())).toHaveLength(2)
})

test('each decision is exactly the previewed one: its members, its verdict, its sentence', async () => {
  const { ready } = await begun()
  const [first] = bulkDecisions(await ready())
  expect(first).toMatchObject({
    sentence: 'For a.json, so.',
    input: {
      members: two.map((member) => member.receipt),
      verdict: { type: 'pick', receipt: two[0]?.receipt },
      planStep: null,
    },
  })
})

test('another rule shows nothing of the former one while it is asked for', async () => {
  const { store } = await begun()
  store.getState().setRule({ type: 'node', node: nodeId('ada') })
  const { draft } = store.getState()
  expect(draft === null ? null : bulkDecisions(draft)).toEqual([])
})

test('taking no claim anywhere needs a reason, and so does signing nothing at all', async () => {
  const { store, ready } = await begun()
  expect(bulkHindrance(await ready())).toBeNull()
  store.getState().setRule({ type: 'none' })
  expect(bulkHindrance(await ready())).toContain('reason')
  store.getState().write({ reason: 'The demo feed was never real' })
  expect(bulkHindrance(await ready())).toBeNull()
  for (const name of ['a', 'b', 'c']) store.getState().toggle(conflictId(name))
  expect(bulkHindrance(await ready())).toContain('Nothing to sign')
})
