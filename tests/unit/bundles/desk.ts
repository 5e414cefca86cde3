// A node's bundle desk as the window drives it: asked, then followed until it has ended.
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

/** Asks again, letting others work between, until there is an answer. */
export async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (let asked = 0; asked < 20_000; asked++) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((resolve) => void setTimeout(resolve, 1))
  }
  throw new Error('It never came to an end.')
}
