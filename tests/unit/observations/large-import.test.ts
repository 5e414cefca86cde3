import { expect, test } from 'vitest'
import { directoryOf, importingSteward } from '#tests/kit/importer.ts'

// More than are signed, and compared, at a time.
const FILES = 600
const SIGNED_AT_ONCE = 512
const MANY = directoryOf(
  'many',
  Object.fromEntries(Array.from({ length: FILES }, (_, at) => [`_report/${at}.json`, `{"n":${at}}`])),
)

test('a large import that cannot go on signing keeps what is signed with its content, and the next one signs the rest', async () => {
  using cast = importingSteward()
  const { importer, ada } = cast
  const before = ada.seq
  const first = await importer.plan([MANY])
  const onProgress = ({ phase }: { readonly phase: string }) => {
    if (phase === 'signing') importer.cannotSign = new Error('locked')
  }
  await expect(first.write({ onProgress })).rejects.toThrow('locked')
  expect(ada.seq - before).toBe(SIGNED_AT_ONCE)
  expect(importer.keptContents).toBe(FILES)

  importer.cannotSign = null
  const second = await importer.plan([MANY])
  // The receipt of the directory was among those that were signed.
  expect(second.origins).toMatchObject([{ known: SIGNED_AT_ONCE - 1, added: FILES - SIGNED_AT_ONCE + 1 }])
  await second.write()
  expect(await importer.import(MANY)).toMatchObject({ signed: 0, known: FILES })
})

test('a large import that cannot sign at all leaves no content behind', async () => {
  using cast = importingSteward()
  const { importer, ada } = cast
  const before = ada.seq
  const plan = await importer.plan([MANY])
  const onProgress = ({
    phase,
    done,
    total,
  }: {
    readonly phase: string
    readonly done: number
    readonly total: number
  }) => {
    if (phase === 'keeping' && done === total) importer.cannotSign = new Error('locked')
  }
  await expect(plan.write({ onProgress })).rejects.toThrow('locked')
  expect([ada.seq, importer.keptContents]).toEqual([before, 0])
})

test.each(['reading', 'comparing'])('a large import can be cancelled while %s', async (when) => {
  using cast = importingSteward()
  await cast.importer.import(MANY)
  const stop = new AbortController()
  let read = 0
  const onProgress = () => {
    if (++read === (when === 'reading' ? 1 : FILES)) stop.abort(new Error('cancelled'))
  }
  await expect(cast.importer.plan([MANY], { signal: stop.signal, onProgress })).rejects.toThrow('cancelled')
  expect(read).toBe(when === 'reading' ? 1 : FILES)
})
