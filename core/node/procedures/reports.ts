import { isAbsolute } from 'node:path'
import type { Cursor, ReportId, ReportSummary } from '#core/contract/index.ts'
import { ReportId as ReportIds } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { compareReports, type ReportStore } from '#core/report/index.ts'
import type { AppCore } from '../app-core.ts'
import { factsNow, makeReportOf, readFacts, summaryView } from '../report-desk.ts'
import { briefNow, briefReceipt, overrideDraft } from '../report-signing.ts'
import type { Implementer } from './base.ts'

/** A piece of a file and what stands around it stay below the 1 MiB of a message. */
const PIECE_BYTES = 512 * 1024

export function reportProcedures(os: Implementer, app: AppCore) {
  return {
    make: os.reports.make.handler(({ input, signal }) => makeReportOf(app, input, signal)),
    list: os.reports.list.handler(({ input }) =>
      app.during(({ reports }) => listed(reports, input.after, input.limit)),
    ),
    get: os.reports.get.handler(({ input: { report } }) =>
      app.during(async ({ reports }) => {
        const facts = await readFacts(reports, report)
        const [newest] = await reports.list()
        return {
          summary: summaryView(report, facts, newest),
          facts,
          markdown: await reports.read(report, 'summary.md'),
          folder: reports.folder(report),
          files: await reports.files(report),
        }
      }),
    ),
    file: os.reports.file.handler(({ input: { report, name, offset } }) =>
      app.during(({ reports }) => reports.piece(report, name, offset, PIECE_BYTES)),
    ),
    compare: os.reports.compare.handler(({ input }) =>
      app.during(async ({ reports }) => {
        const [newest] = await reports.list()
        const read = async (id: ReportId) => {
          const facts = await readFacts(reports, id)
          return { summary: summaryView(id, facts, newest), facts, conflicts: reports.lines(id, 'conflicts.json') }
        }
        return compareReports(await read(input.from), await read(input.to))
      }),
    ),
    export: os.reports.export.handler(({ input: { report, folder } }) =>
      app.during(async ({ reports }) => {
        if (!isAbsolute(folder)) throw notAbsolute(folder)
        await readFacts(reports, report)
        return { folder, files: await reports.copyTo(report, folder) }
      }),
    ),
    remove: os.reports.remove.handler(({ input }) =>
      app.during(async ({ reports }) => {
        await reports.remove(input.report)
        app.changes.tell(['reports'])
        return {}
      }),
    ),
    override: os.reports.override.handler(({ input }) =>
      app.during(async (session) => {
        session.mustSign()
        const { id } = session.sign(await overrideDraft(session, input))
        return { id }
      }),
    ),
    convergence: os.reports.convergence.handler(() =>
      app.during(async (session) => (await factsNow(app, session, { quick: true })).convergence),
    ),
    draftBrief: os.reports.draftBrief.handler(() => app.during((session) => briefNow(app, session))),
    brief: os.reports.brief.handler(({ input }) =>
      app.during(async (session) => {
        // Refused before the checks are made, not after.
        session.mustSign()
        const brief = await briefNow(app, session)
        const { id } = session.sign(briefReceipt(brief, input.note))
        await session.exchange.publish()
        const { folder, unpublished } = session.exchange.view()
        return { id, brief, published: folder !== null && unpublished === 0 }
      }),
    ),
  }
}

/** Reports that this version cannot read are named and left where they are. */
async function listed(store: ReportStore, after: Cursor | undefined, limit: number) {
  const all = await store.list()
  const from = after === undefined ? 0 : all.findIndex((id) => id === ReportIds.safeParse(after).data) + 1
  const page = all.slice(from, from + limit)
  const items: ReportSummary[] = []
  const unreadable: ReportId[] = []
  for (const id of page) {
    try {
      items.push(summaryView(id, await readFacts(store, id), all[0]))
    } catch (thrown) {
      if (!(thrown instanceof StewardError)) throw thrown
      unreadable.push(id)
    }
  }
  const last = page.at(-1)
  return {
    items,
    unreadable,
    // Opaque to the caller: any text is a Cursor.
    next: last === undefined || from + page.length >= all.length ? null : (last as string as Cursor),
  }
}

function notAbsolute(folder: string): StewardError {
  return new StewardError({
    code: 'PATH_NOT_ABSOLUTE',
    happened: `“${folder}” does not say where on this machine it lies.`,
    kept: 'Nothing was written.',
    remedy: 'Give the whole path, from the root of the disk.',
  })
}
