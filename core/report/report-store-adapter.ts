// Reports on the disk: `_report/network/<UTC>/…` and `latest`. A report is written beside and appears under its name at once and whole;
// what a crash left half-written is cleared before the next one.
import { randomUUID } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import {
  cp,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  type FileHandle,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { ReportFileName, ReportId } from '#core/contract/index.ts'
import { syncFolder, syncPathTo } from '#core/durable/index.ts'
import { codeOf, StewardError } from '#core/problem/index.ts'
import type { FileSink } from './file-text.ts'
import type { ReportSink } from './make-report.ts'
import { newestFirst } from './report-id.ts'

export interface ReportDraft extends ReportSink {
  /** Gives it the first name of these that is free, and points `latest` at the newest report. */
  keep(names: Iterable<ReportId>): Promise<ReportId>
  discard(): Promise<void>
}

export interface ReportStore {
  begin(): Promise<ReportDraft>
  /** The newest first. */
  list(): Promise<ReportId[]>
  folder(report: ReportId): string
  /** Of the files that are there. */
  files(report: ReportId): Promise<{ readonly name: ReportFileName; readonly bytes: number }[]>
  /** @throws StewardError REPORT_NOT_FOUND, REPORT_TOO_LARGE. */
  read(report: ReportId, name: ReportFileName): Promise<string>
  /** At most `limitBytes`, cut between characters. @throws StewardError REPORT_NOT_FOUND. */
  piece(report: ReportId, name: ReportFileName, offset: number, limitBytes: number): Promise<ReportPiece>
  /** One line after the other, whatever the size. */
  lines(report: ReportId, name: ReportFileName): AsyncIterable<string>
  remove(report: ReportId): Promise<void>
  /** Copies it below `folder` with `latest` and its alerts on the bus. @throws StewardError REPORT_EXPORT_FAILED. */
  copyTo(report: ReportId, folder: string): Promise<number>
}

export interface ReportPiece {
  readonly text: string
  readonly next: number | null
  readonly bytes: number
}

export interface StoreWish {
  /** False where links are not allowed, as on Windows without that right: `latest` is a copy then. Tried by itself if left out. */
  readonly links?: boolean
}

/** What is read whole: summary.json and summary.md are far smaller. */
const READ_WHOLE_BYTES = 32 * 1024 * 1024
const LATEST = 'latest'
const MAKING = '.making'
const NETWORK = join('_report', 'network')
const BUS = join('_bus', 'events', 'events.jsonl')

/** `base` is the folder that holds `_report`: the data folder, or what is exported to. */
export function openReportStore(base: string, wish: StoreWish = {}): ReportStore {
  const root = join(base, NETWORK)
  const path = (report: ReportId, name: ReportFileName) => join(root, report, name)
  const list = () => listReports(root)
  return {
    async begin() {
      await mkdir(root, { recursive: true, mode: 0o700 })
      for (const name of await readdir(root)) {
        if (name.startsWith(MAKING)) await rm(join(root, name), { recursive: true, force: true })
      }
      const making = join(root, `${MAKING}-${randomUUID()}`)
      await mkdir(making, { mode: 0o700 })
      const writing = new Set<FileHandle>()
      return {
        open: (name) => openSink(join(making, name), writing),
        async keep(names) {
          for (const name of names) {
            if (await exists(join(root, name))) continue
            await putInPlace(making, join(root, name))
            syncPathTo(root)
            await pointLatest(root, wish)
            return name
          }
          throw noNameFree()
        },
        async discard() {
          await Promise.all([...writing].map((file) => file.close()))
          await rm(making, { recursive: true, force: true })
        },
      }
    },
    list,
    folder: (report) => join(root, report),
    async files(report) {
      const found: { name: ReportFileName; bytes: number }[] = []
      for (const name of ReportFileName.options) {
        const bytes = await sizeOf(path(report, name))
        if (bytes !== null) found.push({ name, bytes })
      }
      return found
    },
    async read(report, name) {
      const bytes = await sizeOf(path(report, name))
      if (bytes === null) throw notFound(report)
      if (bytes > READ_WHOLE_BYTES) throw tooLarge(report, name)
      return readFile(path(report, name), 'utf8')
    },
    piece: (report, name, offset, limitBytes) => pieceOf(path(report, name), report, offset, limitBytes),
    lines: (report, name) => linesOf(path(report, name), report),
    async remove(report) {
      if (!(await exists(join(root, report)))) throw notFound(report)
      await rm(join(root, report), { recursive: true, force: true })
      await pointLatest(root, wish)
    },
    copyTo: (report, folder) => copyReport(join(root, report), report, folder, wish),
  }
}

/** Opened when the first line is asked for: what readline gives before that is lost, and so is the error of a file that is not there. */
async function* linesOf(path: string, report: ReportId): AsyncGenerator<string, void, void> {
  if ((await sizeOf(path)) === null) throw notFound(report)
  yield* createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Infinity })
}

async function listReports(root: string): Promise<ReportId[]> {
  const names = await readdir(root).catch((thrown: unknown) => (isMissing(thrown) ? [] : Promise.reject(thrown)))
  return names
    .flatMap((name) => {
      const id = ReportId.safeParse(name)
      return id.success ? [id.data] : []
    })
    .sort(newestFirst)
}

/** `writing`: the files that are open; one is no more in it once it is closed. */
async function openSink(path: string, writing: Set<FileHandle>): Promise<FileSink> {
  const file = await open(path, 'wx', 0o600)
  writing.add(file)
  const close = async () => {
    writing.delete(file)
    await file.close()
  }
  return {
    async write(text) {
      try {
        await file.appendFile(text)
      } catch (cause) {
        await close()
        throw unwritable(cause)
      }
    },
    async close() {
      try {
        await file.sync()
      } catch (cause) {
        throw unwritable(cause)
      } finally {
        await close()
      }
    },
  }
}

/** Its files are durable before it has its name; where the name cannot be made so, it has none. */
async function putInPlace(making: string, path: string): Promise<void> {
  await syncFolder(making)
  await rename(making, path)
  try {
    await syncFolder(dirname(path))
  } catch (thrown) {
    await rm(path, { recursive: true, force: true })
    throw thrown
  }
}

/** A link where that is allowed, otherwise a copy; either appears under its name whole. */
async function pointLatest(root: string, { links = true }: StoreWish): Promise<void> {
  const [newest] = await listReports(root)
  const latest = join(root, LATEST)
  const fresh = join(root, `${MAKING}-${LATEST}-${randomUUID()}`)
  if (newest === undefined) return removeLatest(latest)
  if (!links || !(await linked(newest, fresh))) await cp(join(root, newest), fresh, { recursive: true })
  // A folder cannot be replaced by a rename; a link can, but not everywhere.
  await removeLatest(latest)
  await rename(fresh, latest)
}

async function removeLatest(latest: string): Promise<void> {
  const found = await lstat(latest).catch(() => null)
  if (found?.isSymbolicLink() === true) await unlink(latest)
  else if (found !== null) await rm(latest, { recursive: true, force: true })
}

async function linked(target: string, path: string): Promise<boolean> {
  try {
    await symlink(target, path, 'dir')
    return true
  } catch (thrown) {
    if (NO_LINKS.has(codeOf(thrown))) return false
    throw thrown
  }
}

const NO_LINKS = new Set<string | null>(['EPERM', 'EACCES', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN'])

async function pieceOf(path: string, report: ReportId, offset: number, limitBytes: number): Promise<ReportPiece> {
  const file = await open(path, constants.O_RDONLY).catch((thrown: unknown) => {
    if (isMissing(thrown)) throw notFound(report)
    throw thrown
  })
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.max(0, Math.min(limitBytes, size - offset)))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset)
    const end = offset + bytesRead >= size ? bytesRead : wholeCharacters(bytes.subarray(0, bytesRead))
    const next = offset + end
    return { text: bytes.subarray(0, end).toString('utf8'), next: next >= size ? null : next, bytes: size }
  } finally {
    await file.close()
  }
}

/** How many bytes end with a whole character of UTF-8, so that the next piece begins with one; of what is no text, all. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back < Math.min(4, bytes.length); back++) {
    const byte = bytes.readUInt8(bytes.length - back)
    // Bytes within a character begin with the bits 10, its first one with 11.
    if (byte >= 0xc0) return bytes.length - (widthOf(byte) > back ? back : 0)
    if (byte < 0x80) break
  }
  return bytes.length
}

function widthOf(firstByte: number): number {
  return firstByte >= 0xf0 ? 4 : firstByte >= 0xe0 ? 3 : 2
}

async function copyReport(from: string, report: ReportId, base: string, wish: StoreWish): Promise<number> {
  const root = join(base, NETWORK)
  const to = join(root, report)
  if (await exists(to)) throw exportFailed(`There is a report ${report} in that folder already.`)
  try {
    await mkdir(root, { recursive: true })
    const fresh = join(root, `${MAKING}-${randomUUID()}`)
    // The data folder is the steward's alone; what is exported is for others, so it gets the usual rights of that folder.
    await mkdir(fresh)
    const names = (await readdir(from)).filter((name) => ReportFileName.safeParse(name).success)
    for (const name of names) await copyPlain(join(from, name), join(fresh, name))
    await putInPlace(fresh, to)
    await pointLatest(root, wish)
    await addToBus(join(to, 'events.jsonl'), join(base, BUS))
    return names.length
  } catch (cause) {
    throw exportFailed(`The folder cannot be written (${codeOf(cause) ?? 'unknown'}).`, cause)
  }
}

async function copyPlain(from: string, to: string): Promise<void> {
  const file = await open(to, 'wx')
  try {
    for await (const piece of createReadStream(from)) await file.appendFile(piece as Buffer)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Adds the alerts that the bus does not carry yet; lines of others stay as they are. */
async function addToBus(alerts: string, bus: string): Promise<void> {
  const there = await readFile(bus, 'utf8').catch((thrown: unknown) =>
    isMissing(thrown) ? '' : Promise.reject(thrown),
  )
  const known = new Set(there.split('\n').map(alertId))
  const fresh = (await readFile(alerts, 'utf8')).split('\n').filter((line) => line !== '' && !known.has(alertId(line)))
  if (fresh.length === 0 && there !== '') return
  await mkdir(join(bus, '..'), { recursive: true })
  const temporary = `${bus}.${randomUUID()}.tmp`
  const gap = there === '' || there.endsWith('\n') ? '' : '\n'
  await writeNew(temporary, `${there}${gap}${fresh.map((line) => `${line}\n`).join('')}`)
  await rename(temporary, bus)
  await syncFolder(dirname(bus))
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function alertId(line: string): string {
  return /"id":"(sha256:[0-9a-f]{64})"/.exec(line)?.[1] ?? line
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null)
  return found?.isFile() === true ? found.size : null
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT'
}

function notFound(report: ReportId): StewardError {
  return new StewardError({
    code: 'REPORT_NOT_FOUND',
    happened: `There is no report ${report} in this data folder, or a file of it is missing.`,
    kept: 'Nothing was changed.',
    remedy: 'Look at the list of reports, or make a new one.',
  })
}

function tooLarge(report: ReportId, name: string): StewardError {
  return new StewardError({
    code: 'REPORT_TOO_LARGE',
    happened: `${name} of report ${report} is too large to be shown whole.`,
    kept: 'It lies where it was written.',
    remedy: 'Read it in pieces, or open its folder.',
  })
}

function unwritable(cause: unknown): StewardError {
  const code = codeOf(cause) ?? 'unknown'
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  return new StewardError({
    code: 'HOME_UNWRITABLE',
    happened: isFull
      ? 'There is no space left for the report in the data folder.'
      : `The report cannot be written into the data folder (${code}).`,
    kept: 'Nothing of it is left behind; earlier reports are as they were.',
    remedy: isFull ? 'Free some space on that disk, or remove old reports.' : 'Check who owns the data folder.',
    cause,
  })
}

function noNameFree(): StewardError {
  return new StewardError({
    code: 'REPORT_NAME_TAKEN',
    happened: 'There are too many reports of this as-of time already.',
    kept: 'They are as they were; the new one was not kept.',
    remedy: 'Remove some of them, or name another as-of time.',
  })
}

function exportFailed(happened: string, cause?: unknown): StewardError {
  if (cause instanceof StewardError) return cause
  return new StewardError({
    code: 'REPORT_EXPORT_FAILED',
    happened,
    kept: 'The report itself is as it was, and nothing in that folder was written over.',
    remedy: 'Choose another folder.',
    ...(cause === undefined ? {} : { cause }),
  })
}
