// A node's bundle desk as the window drives it: asked, then followed until it has ended.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BundleExport, BundleImport, BundlePreview, BundleReport, ExportWish } from '#core/contract/index.ts'
import type { Core } from '#tests/kit/place.ts'

export type ImportStep = BundleImport['step']

/** Inspects a path and answers where that ended. */
export async function inspection(core: Core, ...paths: readonly string[]): Promise<ImportStep> {
  await core.steward.bundles.inspect({ from: { type: 'paths', paths: [...paths] } })
  return until(async () => {
    const step = (await core.steward.bundles.current({})).import?.step
    return step === undefined || step.state === 'reading' ? null : step
  })
}

/** As `inspection`, where it is ready to be imported. */
export async function inspected(core: Core, ...paths: readonly string[]): Promise<BundlePreview> {
  const step = await inspection(core, ...paths)
  if (step.state !== 'ready') throw new Error(`Not ready: ${JSON.stringify(step)}`)
  return step.preview
}

/** Imports what was inspected. */
export async function imported(core: Core): Promise<BundleReport> {
  const { import: shown } = await core.steward.bundles.current({})
  await core.steward.bundles.import({ id: shown?.id ?? '' })
  const step = await until(async () => {
    const now = (await core.steward.bundles.current({})).import?.step
    return now === undefined || now.state === 'importing' ? null : now
  })
  if (step.state !== 'done') throw new Error(`Not imported: ${JSON.stringify(step)}`)
  return step.report
}

/** Throws the code of the problem where it could not be written. */
export async function exported(
  core: Core,
  wish: ExportWish,
): Promise<Extract<BundleExport['step'], { state: 'done' }>> {
  await core.steward.bundles.export(wish)
  const step = await until(async () => {
    const now = (await core.steward.bundles.current({})).export?.step
    return now === undefined || now.state === 'writing' ? null : now
  })
  if (step.state === 'failed') throw new Error(step.problem.code)
  if (step.state !== 'done') throw new Error(step.state)
  return step
}

/** Everything that a steward could find of an import: ledger, troubles, files. */
export async function traces(core: Core) {
  const { counters } = await core.steward.app.overview({})
  const files = readdirSync(core.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('ledger') && !entry.name.startsWith('lock'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
  return { counters, fingerprint: await core.fingerprint(), files: files.toSorted((a, b) => (a < b ? -1 : 1)) }
}

/** Where the import ended; `gone` where it was cancelled. */
export function ended(core: Core) {
  return until(async () => {
    const step = (await core.steward.bundles.current({})).import?.step
    if (step === undefined) return { state: 'gone' as const }
    return step.state === 'reading' || step.state === 'importing' ? null : step
  })
}

/** Asks again, letting others work between, until there is an answer. */
export async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (let asked = 0; asked < 20_000; asked++) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => void setTimeout(resolve, 1))
  }
  throw new Error('It never came to an end.')
}
