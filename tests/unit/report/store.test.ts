// Reports on the disk: what is there is found and read, what is not is told, and nothing of a steward's own files is lost on the way.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ReportFileName, ReportId } from '#core/contract/index.ts'
import { openReportStore, reportIdOf, type ReportStore } from '#core/report/index.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-reports-'))
  folders.push(folder)
  return folder
}

const [NOON, AGAIN, LATER] = [
  reportIdOf(instantAt(START)),
  reportIdOf(instantAt(START), 2),
  reportIdOf(instantAt(START + 60_000)),
] as [ReportId, ReportId, ReportId]
const TENTH = reportIdOf(instantAt(START), 10)

/** A report with these files, kept under the first of these names that is free. */
async function kept(
  store: ReportStore,
  names: readonly ReportId[],
  files: Partial<Record<ReportFileName, string>> = {},
) {
  const draft = await store.begin()
  for (const [name, text] of Object.entries({ 'summary.md': '# Report\n', ...files })) {
    const sink = await draft.open(name)
    await sink.write(text)
    await sink.close()
  }
  return draft.keep(names)
}

async function codeOf(call: Promise<unknown> | AsyncIterable<unknown>): Promise<string> {
  try {
    if (call instanceof Promise) await call
    else for await (const _ of call);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown) return String(thrown.code)
    throw thrown
  }
  return 'none'
}

test('reports are listed with the newest first, by time and then by number; what is no report is passed over', async () => {
  const base = home()
  const store = openReportStore(base)
  expect(await store.list()).toEqual([])
  for (const name of [NOON, LATER, TENTH, AGAIN]) await kept(store, [name])
  mkdirSync(join(base, '_report/network/notes'))
  expect(await store.list()).toEqual([LATER, TENTH, AGAIN, NOON])
  expect(readlinkSync(join(base, '_report/network/latest'))).toBe(LATER)
})

test('a second report of one time gets the next number, and is not kept where no name is free', async () => {
  const store = openReportStore(home())
  expect(await kept(store, [NOON, AGAIN])).toBe(NOON)
  expect(await kept(store, [NOON, AGAIN])).toBe(AGAIN)
  expect(await codeOf(kept(store, [NOON, AGAIN]))).toBe('REPORT_NAME_TAKEN')
  expect(await store.list()).toEqual([AGAIN, NOON])
})

test('what a crash left half-written is cleared before the next report', async () => {
  const base = home()
  const store = openReportStore(base)
  const names = () => readdirSync(join(base, '_report/network')).filter((name) => name.startsWith('.'))
  const left = join(base, '_report/network/.making-half')
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, 'summary.md'), '# Rep')
  const draft = await store.begin()
  expect(existsSync(left)).toBe(false)
  await draft.discard()
  expect(names()).toEqual([])
})

test('of a report that is not there, or lacks a file, that is told', async () => {
  const store = openReportStore(home())
  await kept(store, [NOON])
  expect(await store.files(NOON)).toEqual([{ name: 'summary.md', bytes: 9 }])
  expect(await store.read(NOON, 'summary.md')).toBe('# Report\n')
  for (const call of [
    () => store.read(NOON, 'ledger.json'),
    () => store.piece(NOON, 'ledger.json', 0, 100),
    () => store.lines(NOON, 'ledger.json'),
    () => store.read(LATER, 'summary.md'),
    () => store.remove(LATER),
  ])
    expect(await codeOf(call())).toBe('REPORT_NOT_FOUND')
})

test('a file that is too large to be shown whole is read in pieces', async () => {
  const base = home()
  const store = openReportStore(base)
  await kept(store, [NOON], { 'ledger.json': '{}' })
  truncateSync(join(store.folder(NOON), 'ledger.json'), 32 * 1024 * 1024 + 1)
  expect(await codeOf(store.read(NOON, 'ledger.json'))).toBe('REPORT_TOO_LARGE')
  expect(await store.piece(NOON, 'ledger.json', 0, 2)).toEqual({ text: '{}', next: 2, bytes: 32 * 1024 * 1024 + 1 })
})

test.each([4, 5, 6, 7, 64])('pieces of %i bytes end between characters and come to the whole file', async (limit) => {
  const text = 'aé€😂ü 12€'.repeat(3)
  const store = openReportStore(home())
  await kept(store, [NOON], { 'summary.md': text })
  let read = ''
  for (let offset: number | null = 0; offset !== null;) {
    const piece = await store.piece(NOON, 'summary.md', offset, limit)
    expect(Buffer.byteLength(piece.text)).toBeLessThanOrEqual(limit)
    read += piece.text
    offset = piece.next
  }
  expect(read).toBe(text)
  const behind = await store.piece(NOON, 'summary.md', 1_000, limit)
  expect(behind).toMatchObject({ text: '', next: null })
})

test('a file that is no text is read to its end all the same', async () => {
  const store = openReportStore(home())
  await kept(store, [NOON])
  writeFileSync(join(store.folder(NOON), 'summary.md'), Buffer.from([0xf0, ...Array.from({ length: 20 }, () => 0x9f)]))
  let end = 0
  for (let offset: number | null = 0, pieces = 0; offset !== null && pieces < 100; pieces++) {
    end = offset + 4
    offset = (await store.piece(NOON, 'summary.md', offset, 4)).next
  }
  expect(end).toBeGreaterThanOrEqual(21)
})

test('without links latest is a copy, which gives way to the next one and goes with the last report', async () => {
  const base = home()
  const store = openReportStore(base, { links: false })
  const latest = join(base, '_report/network/latest')
  await kept(store, [NOON])
  await kept(store, [LATER], { 'summary.md': '# Later\n' })
  expect(lstatSync(latest).isDirectory()).toBe(true)
  expect(readFileSync(join(latest, 'summary.md'), 'utf8')).toBe('# Later\n')
  await store.remove(LATER)
  expect(readFileSync(join(latest, 'summary.md'), 'utf8')).toBe('# Report\n')
  await store.remove(NOON)
  expect(existsSync(latest)).toBe(false)
})

test('lines of others on the bus stay, also where the last one has no end, and an alert without an id is told once', async () => {
  const [base, out] = [home(), home()]
  const store = openReportStore(base)
  const alert = `{"id":"sha256:${'1'.repeat(64)}"}`
  await kept(store, [NOON], { 'events.jsonl': `${alert}\n{"event":"x"}\n` })
  await kept(store, [LATER], { 'events.jsonl': '' })
  const bus = join(out, '_bus/events/events.jsonl')
  mkdirSync(join(out, '_bus/events'), { recursive: true })
  writeFileSync(bus, '{"event":"of others"}\n{"event":"x"}')
  expect(await store.copyTo(NOON, out)).toBe(2)
  expect(readFileSync(bus, 'utf8')).toBe(`{"event":"of others"}\n{"event":"x"}\n${alert}\n`)
  await store.copyTo(LATER, out)
  expect(readFileSync(bus, 'utf8').split('\n')).toHaveLength(4)
})

test('a folder that cannot be written, or has that report already, is told; the report stays', async () => {
  const [base, out] = [home(), home()]
  const store = openReportStore(base)
  await kept(store, [NOON], { 'events.jsonl': '' })
  writeFileSync(join(out, 'file'), '')
  expect(await codeOf(store.copyTo(NOON, join(out, 'file')))).toBe('REPORT_EXPORT_FAILED')
  expect(await codeOf(store.copyTo(LATER, out))).toBe('REPORT_EXPORT_FAILED')
  await store.copyTo(NOON, out)
  expect(await codeOf(store.copyTo(NOON, out))).toBe('REPORT_EXPORT_FAILED')
  expect(await store.list()).toEqual([NOON])
})

test('a bus that is a folder fails the export and is named', async () => {
  const [base, out] = [home(), home()]
  const store = openReportStore(base)
  await kept(store, [NOON], { 'events.jsonl': '{}\n' })
  mkdirSync(join(out, '_bus/events/events.jsonl'), { recursive: true })
  await expect(store.copyTo(NOON, out)).rejects.toMatchObject({
    code: 'REPORT_EXPORT_FAILED',
    happened: 'The folder cannot be written (EISDIR).',
  })
})

test('a folder of reports that cannot be looked into is an error and not an empty list', async () => {
  const base = home()
  mkdirSync(join(base, '_report'))
  writeFileSync(join(base, '_report/network'), '')
  expect(await codeOf(openReportStore(base).list())).toBe('ENOTDIR')
  expect(await codeOf(openReportStore(base).piece(NOON, 'summary.md', 0, 4))).toBe('ENOTDIR')
})

test.runIf(process.platform === 'linux')(
  'a draft that is discarded leaves no file open and no folder behind (needs /proc)',
  async () => {
    const base = home()
    const open = () => readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(base)).length
    const linkOf = (fd: string) => {
      try {
        return readlinkSync(join('/proc/self/fd', fd))
      } catch {
        // The listing's own, which is closed by now.
        return ''
      }
    }
    const draft = await openReportStore(base).begin()
    const done = await draft.open('ledger.json')
    await (await draft.open('audit.json')).write('{')
    await done.close()
    expect(open()).toBe(1)
    await draft.discard()
    expect(open()).toBe(0)
    expect(readdirSync(join(base, '_report/network'))).toEqual([])
  },
)
