// The TEOF node directories in a bundle: planned by core/observations, shown as the rest of the bundle is.
import type { BundleOrigin } from '#core/contract/index.ts'
import { planImport, type ImportPlan, type ImportProgress } from '#core/observations/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { NodeDirectory } from '#core/teof/index.ts'
import type { BundleDeps, Progress, Work } from './job-types.ts'
import type { RefusalList } from './refusals.ts'

/** Null where there is none; `files` is how many there are at most. @throws the signal's reason where it was aborted. */
export async function planOrigins(
  { importing, ledger }: BundleDeps,
  directories: readonly NodeDirectory[],
  files: number,
  { signal, progress }: Work,
): Promise<ImportPlan | null> {
  if (directories.length === 0) return null
  return planImport(importing(ledger), directories, {
    signal,
    onProgress: (now) => progress(progressOf({ ...now, total: files })),
  })
}

/** What the plan would do, and its refusals into the list. */
export function shownOrigins(
  plan: ImportPlan | null,
  directories: readonly NodeDirectory[],
  refused: RefusalList,
): { readonly origins: BundleOrigin[]; readonly receipts: number } {
  const origins = (plan?.origins ?? []).map((origin, index) => {
    const directory = directories[index]
    invariant(directory !== undefined, 'what is planned for each directory is told in their order')
    const { folder } = directory
    for (const { path, reason, happened, remedy } of origin.refused) {
      refused.add({ entry: folder === '' ? path : `${folder}/${path}`, reason, detail: happened, remedy })
    }
    return {
      label: origin.label,
      folder,
      files: origin.files,
      new: origin.added,
      changed: origin.changed,
      known: origin.known,
      gone: origin.gone,
      refused: origin.refused.length,
      findings: origin.findings
        .slice(0, LISTED_FINDINGS)
        .map(({ path, happened, remedy }) => ({ path, happened, remedy })),
      findingCount: origin.findings.length,
    }
  })
  return { origins, receipts: plan?.receipts ?? 0 }
}

const LISTED_FINDINGS = 100

const PHASES = {
  reading: { what: 'Reading node directories', unit: 'files' },
  keeping: { what: 'Taking content in', unit: 'files' },
  signing: { what: 'Signing for what you saw', unit: 'receipts' },
} as const

export function progressOf({ phase, done, total }: ImportProgress): Progress {
  return { ...PHASES[phase], done, total }
}
