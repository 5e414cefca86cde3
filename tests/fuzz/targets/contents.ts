// Content that receipts name and that a person is shown: compared, cut and looked through, whatever it is. And reports on the disk.
import { createBlobStore, type FolderAdapter } from '#core/exchange/index.ts'
import type { ContentHash, ReportId, SummaryFile } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { contentText, contentView } from '../../../core/node/content.ts'
import { readFacts, summaryView } from '../../../core/node/report-desk.ts'
import { diffContents } from '../../../core/reconcile/content-diff.ts'
import { compareReports } from '#core/report/index.ts'
import type { ReportStore } from '../../../core/report/report-store-adapter.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { reportOf } from '#tests/kit/report.ts'
import { foundNetwork, World } from '#tests/kit/world.ts'
import { blownUp, mutateBytes } from '../mutate-bytes.ts'
import { must, mustEqual, orRefusalLater, type Target } from '../target.ts'
import { hostileJson, lines, textOf } from './samples.ts'

const DOCUMENTS = [
  ...lines,
  '{"list":[1,2,3,4,5,6,7,8],"same":{"a":[{"b":1},{"b":2}]},"text":"Größe"}',
  '[{"id":1},{"id":2},{"id":3},{"id":4}]',
]

/** Two contents with a NUL between, which none of them may hold. */
const diff: Target = {
  name: 'content-diff',
  make(random) {
    const [one, other] = [0, 1].map(() => hostileJson(random, DOCUMENTS, random.pick([100_000, 8 * 1024 * 1024])))
    if (random.oneIn(400)) {
      // Long lists that differ in every item, as two that were counted from elsewhere.
      const count = random.pick([1_000, 20_000, 300_000])
      const list = (from: number) =>
        Buffer.from(`[${Array.from({ length: count }, (_, index) => from + index).join(',')}]`)
      return Buffer.concat([list(0), Buffer.of(0), list(10_000_000)])
    }
    return Buffer.concat([one!, Buffer.of(0), random.oneIn(3) ? one! : other!])
  },
  check(bytes) {
    const split = bytes.indexOf(0)
    const texts = [textOf(bytes.subarray(0, split)), textOf(bytes.subarray(split + 1))]
    const found = diffContents(texts, false)
    must(
      found.rows.every(({ cells }) => cells.length === 2),
      'each row has a cell for each content',
    )
    must(texts[0] !== texts[1] || (found.rows.length === 0 && found.more === 0), 'what is the same does not differ')
  },
}

const view: Target = {
  name: 'content-view',
  make: (random) =>
    random.oneIn(50)
      ? blownUp(random, Buffer.from('{"a":"ü"}'), random.pick([1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024]))
      : random.oneIn(2)
        ? hostileJson(random, DOCUMENTS, 100_000)
        : mutateBytes(random, Buffer.from(random.pick(DOCUMENTS))),
  async check(bytes) {
    const named = sha256Id<ContentHash>(bytes)
    const body = { content: { hash: named } }
    const blobs = createBlobStore('blobs', folderWith(bytes))
    const shown = await contentView(body, blobs)
    must(shown.type !== 'missing' && shown.sizeBytes === bytes.length, 'content that is here is shown')
    must(shown.type === 'binary' || Buffer.byteLength(shown.text) <= 1024 * 1024, 'no more than a mebibyte is shown')
    await contentText(body, blobs)
    // Another content under that name is none.
    const other = createBlobStore('blobs', folderWith(Buffer.concat([bytes, Buffer.of(1)])))
    mustEqual(await other.read(named), null, 'content that has another hash is not taken')
  },
}

/** A folder in which every file is this one. */
function folderWith(bytes: Uint8Array): FolderAdapter {
  const only: Pick<FolderAdapter, 'read' | 'stat'> = {
    read: (_path, limitBytes) => Promise.resolve(bytes.subarray(0, limitBytes + 1)),
    stat: () => Promise.resolve({ kind: 'file', sizeBytes: bytes.length, mtimeNs: '0', blocks: 8 }),
  }
  return only as FolderAdapter // Nothing else is asked for by who reads.
}

/** Made once, by a world in which two nodes differ: its summary, and the lines of its conflicts. */
let made: { readonly facts: SummaryFile; readonly summary: string; readonly conflicts: string } | null = null

async function madeReport() {
  if (made !== null) return made
  using world = new World()
  const nodes = [new TestNode('ada'), new TestNode('ben')]
  world.joinNetwork(foundNetwork(nodes).id)
  for (const [index, node] of nodes.entries()) node.observe('a.json', { value: index })
  world.deliver(nodes.flatMap(({ signed }) => signed))
  const { summary, files } = await reportOf(world)
  made = { facts: summary, summary: files.get('summary.json') ?? '', conflicts: files.get('conflicts.json') ?? '' }
  return made
}
await madeReport()

const ID = '20261122T120000Z' as ReportId // As report-id.ts makes them.

const summary: Target = {
  name: 'report-summary',
  make: (random) => hostileJson(random, [made?.summary ?? '{}'], 1024 * 1024),
  async check(bytes) {
    const facts = await orRefusalLater(() => readFacts(storeWith(textOf(bytes)), ID))
    if (facts === null) return
    mustEqual(await readFacts(storeWith(JSON.stringify(facts)), ID), facts, 'printed again it is the same')
    summaryView(ID, facts, ID)
  },
}

const comparison: Target = {
  name: 'report-conflicts',
  make(random) {
    const text = made?.conflicts ?? ''
    if (random.oneIn(3)) return mutateBytes(random, Buffer.from(text))
    // Each conflict stands on a line of its own.
    const changed = text.split('\n').map((each) => {
      const json = each.replace(/,$/, '')
      if (!json.startsWith('{"id":') || random.oneIn(3)) return each
      return textOf(hostileJson(random, [json], 10_000)).replaceAll('\n', ' ') + (each.endsWith(',') ? ',' : '')
    })
    return Buffer.from(changed.join('\n'))
  },
  async check(bytes) {
    const { facts, conflicts } = await madeReport()
    const report = (text: string) => ({ summary: summaryView(ID, facts, ID), facts, conflicts: linesOf(text) })
    const compared = await orRefusalLater(() => compareReports(report(conflicts), report(textOf(bytes))))
    must(compared === null || compared.opened.total >= 0, 'reports are compared, or the damaged one is named')
  },
}

function storeWith(text: string): ReportStore {
  const only: Pick<ReportStore, 'read'> = { read: () => Promise.resolve(text) }
  return only as ReportStore // Nothing else is asked for by who reads.
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split('\n')
}

export const contentTargets = [diff, view, summary, comparison]
