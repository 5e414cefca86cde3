import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ReconcileOptions } from '#core/aggregate/index.ts'
import { Directories, feedReceipt } from '../../kit/directories.ts'

const AT = '_report/external/quay/1.json'

/** As that tool writes it. */
interface Ledger {
  readonly artifact_count: number
  readonly artifacts: readonly unknown[]
  readonly coverage: readonly unknown[]
  readonly checks: {
    readonly anchor?: { readonly status: string; readonly hashes: Readonly<Record<string, string | null>> }
    readonly capsule?: {
      readonly status: string
      readonly values: Readonly<Record<string, { readonly pointer: string | null; readonly hash: string | null }>>
    }
    readonly signature: {
      readonly status: string
      readonly results?: readonly {
        readonly node: string
        readonly path: string
        readonly status: string
        readonly reason: string | null
      }[]
    }
  }
}

type Wish = Partial<ReconcileOptions> & { readonly labels?: readonly string[] }

async function reference(place: Directories, wish: Wish = {}) {
  const { files, summary } = await place.merge({ labels: ['ada', 'ben'], format: 'reference', ...wish })
  // The shape is what these tests are about.
  const ledger = JSON.parse(files['ledger.json'] ?? '') as Ledger
  return { ledger, conflicts: JSON.parse(files['conflicts.json'] ?? '') as unknown, text: files['summary.md'], summary }
}

test.each<[ReconcileOptions['signatures'], readonly string[]]>([
  ['checked', ['invalid', 'ok', 'skipped null', 'unknown_key feed.away', 'skipped null']],
  ['required', ['invalid', 'ok', 'missing signature_required', 'unknown_key feed.away', 'missing signature_required']],
])('every signature has its result, with the reason that tool gives: %s', async (signatures, results) => {
  using place = new Directories()
  place.found('ada')
  const signed = feedReceipt(place.key, { value: 1 })
  const paths = ['bad', 'good', 'none', 'other', 'torn'].map((name) => `_report/${name}.json`)
  const texts = [
    signed.replace('"level"', '"depth"'),
    signed,
    '{}',
    feedReceipt(place.key, { value: 2, keyId: 'feed.away' }),
    '{"',
  ]
  for (const [at, path] of paths.entries()) place.write('ada', path, texts[at]!)
  const { ledger } = await reference(place, { labels: ['ada'], signatures })
  expect(ledger.checks.signature.status).toBe('error')
  const told = ledger.checks.signature.results?.map(({ path, status, reason }) => [path, status, reason] as const)
  expect(told?.map(([path]) => path)).toEqual(paths)
  expect(
    told?.map(([, status, reason]) => (status === 'ok' || status === 'invalid' ? status : `${status} ${reason}`)),
  ).toEqual(results)
  expect(told?.find(([, status]) => status === 'invalid')?.[2]).toContain('The signature does not fit this content')
})

test('what is not asked for is not said: signatures, anchors, capsules, coverage', async () => {
  using place = new Directories()
  place.write('ada', AT, '{}')
  const { ledger, text } = await reference(place, {
    labels: ['ada'],
    signatures: 'skipped',
    referenceChecks: { anchor: false, capsule: false },
  })
  expect(ledger).toMatchObject({ artifact_count: 1, coverage: [], checks: { signature: { status: 'skipped' } } })
  expect(Object.keys(ledger.checks)).toEqual(['signature'])
  expect(text).toBe(
    `# Receipt sync summary\nGenerated at: 20260301T120000Z\nNodes: 1\nArtifacts scanned: 1\nSignature check: skipped\nConflicts detected: 0\n`,
  )
})

test('nodes without anything below _report make empty lists', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben']) place.write(label, '_report/notes.txt', 'Nothing yet.')
  const { ledger, conflicts, summary } = await reference(place)
  expect(ledger).toMatchObject({
    artifact_count: 0,
    artifacts: [],
    checks: { signature: { status: 'ok', results: [] } },
  })
  expect([conflicts, summary.exitCode]).toEqual([[], 0])
})

test('anchors are equal or not to that tool: an older one is a conflict, one that is missing makes the check partial', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben', 'cleo', 'dora']) place.write(label, AT, '{}')
  place.found('ada', ['first', 'second'])
  place.found('ben')
  place.found('cleo')
  const status = async (...labels: readonly string[]) => (await reference(place, { labels })).ledger.checks.anchor
  expect(await status('ada', 'ben')).toMatchObject({ status: 'conflict' })
  expect(await status('ben', 'cleo')).toMatchObject({ status: 'ok' })
  expect(await status('ben', 'dora')).toMatchObject({ status: 'partial', hashes: { dora: null } })
  expect(await status('dora')).toMatchObject({ status: 'missing', hashes: { dora: null } })
})

test('capsules are compared by the version that is pointed at and by their list', async () => {
  using place = new Directories()
  const list = JSON.stringify({ 'README.md': hash('sha256', 'text', 'hex') })
  for (const label of ['ada', 'ben', 'cleo', 'dora']) place.write(label, AT, '{}')
  for (const [label, version] of [
    ['ada', 'v1'],
    ['ben', 'v1'],
    ['cleo', 'v2'],
  ] as const) {
    place.write(label, `capsule/${version}/hashes.json`, list)
    place.write(label, `capsule/${version}/README.md`, 'text')
    place.write(label, 'capsule/current', version)
  }
  const capsule = async (...labels: readonly string[]) => (await reference(place, { labels })).ledger.checks.capsule
  expect(await capsule('ada', 'ben')).toMatchObject({ status: 'ok', values: { ada: { pointer: 'v1' } } })
  expect(await capsule('ada', 'cleo')).toMatchObject({ status: 'conflict', values: { cleo: { pointer: 'v2' } } })
  expect(await capsule('ada', 'dora')).toMatchObject({
    status: 'partial',
    values: { dora: { pointer: null, hash: null } },
  })
})

test('what is expected and missing at a node is listed by node, and the summary names it', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben']) place.write(label, AT, '{}')
  place.write('ada', '_report/usage/a.json', '{}')
  const { ledger, text } = await reference(place, { expect: ['_report/usage/*', AT] })
  expect(ledger.coverage).toEqual([
    { node_id: 'ada', expected: 2, missing: [] },
    { node_id: 'ben', expected: 2, missing: ['_report/usage/*'] },
  ])
  expect(text).toContain('Coverage expectations: 2 node(s) checked\n- ben: missing _report/usage/*\n')
})

test('plans are no artifacts to that tool, and of many conflicts its summary shows ten', async () => {
  using place = new Directories()
  for (const [at, label] of ['ada', 'ben'].entries()) {
    place.write(label, '_plans/p.plan.json', JSON.stringify({ plan_id: 'p', steps: [], n: at }))
    for (let path = 0; path < 12; path++) place.write(label, `_report/${path}.json`, `{"n": ${at}}`)
  }
  const { ledger, conflicts, text } = await reference(place)
  expect(ledger.artifact_count).toBe(12)
  expect(conflicts).toHaveLength(12)
  expect(text).toContain('Conflicts detected: 12\n')
  expect(text?.match(/→ 2 variants \(/g)).toHaveLength(10)
})
