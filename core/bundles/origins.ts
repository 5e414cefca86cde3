// The TEOF node directories in a bundle: planned by core/observations, shown as the rest of the bundle is.
import type { BundleOrigin } from '#core/contract/index.ts'
import { planImport, type ImportPlan, type ImportProgress } from '#core/observations/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import type { Finding, NodeDirectory } from '#core/teof/index.ts'
import type { BundleDeps, Progress, Work } from './job-types.ts'
import type { RefusalList } from './refusals.ts'
import type { BundleReader, BundleSource } from './types.ts'

/** A node directory in a bundle, and whether the steward said which node it is. */
export interface MeantDirectory extends NodeDirectory {
  readonly isGiven?: boolean
}

/** @throws StewardError LABEL_NOT_FOR_ONE where a label was given to what is not one node directory. */
export function withGivenLabels(
  directories: readonly NodeDirectory[],
  reader: Pick<BundleReader, 'folderOf'>,
  labels: NonNullable<BundleSource['labels']>,
): readonly MeantDirectory[] {
  const given = new Map<NodeDirectory, string>()
  for (const { path, label } of labels) {
    const folder = reader.folderOf(path)
    const below = directories.filter(
      (directory) => folder === '' || directory.folder === folder || directory.folder.startsWith(`${folder}/`),
    )
    const [meant] = below
    if (meant === undefined || below.length > 1) throw notOne(path, label, below.length)
    given.set(meant, label)
  }
  return directories.map((directory) => {
    const label = given.get(directory)
    return label === undefined ? directory : { ...directory, label, isGiven: true }
  })
}

function notOne(path: string, label: string, found: number): StewardError {
  return new StewardError({
    code: 'LABEL_NOT_FOR_ONE',
    happened: `“${label}” was given to ${path}, which holds ${found === 0 ? 'no node directory' : `${found} node directories`}.`,
    kept: 'Nothing was imported.',
    remedy: 'Give it to the one folder of that node that has a “_report” folder.',
  })
}

/** Null where there is none; `files` is how many there are at most. @throws the signal's reason where it was aborted. */
export async function planOrigins(
  { importing, ledger }: BundleDeps,
  directories: readonly MeantDirectory[],
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
      findings: worstFirst(origin.findings)
        .slice(0, LISTED_FINDINGS)
        .map(({ path, happened, remedy }) => ({ path, happened, remedy })),
      findingCount: origin.findings.length,
    }
  })
  return { origins, receipts: plan?.receipts ?? 0 }
}

const LISTED_FINDINGS = 100

function worstFirst(findings: readonly Finding[]): Finding[] {
  const rankOf = ({ code }: Finding) => {
    const rank = GRAVE.indexOf(code)
    return rank === -1 ? GRAVE.length : rank
  }
  return findings.toSorted((one, other) => rankOf(one) - rankOf(other))
}

/** What says that a directory may not be what it seems, in the order in which it is told; everything else follows as it was found. */
const GRAVE: readonly Finding['code'][] = [
  'another-node',
  'signature-lost',
  'key-id-leaves-folder',
  'bad-signature',
  'stated-hash-differs',
  'capsule-mismatch',
  'capsule-path-leaves-folder',
  'anchors-not-append-only',
  'ledger-chain-broken',
  'ledger-hash-differs',
  'unknown-key',
]

const PHASES = {
  reading: { what: 'Reading node directories', unit: 'files' },
  keeping: { what: 'Taking content in', unit: 'files' },
  signing: { what: 'Signing for what you saw', unit: 'receipts' },
} as const

export function progressOf({ phase, done, total }: ImportProgress): Progress {
  return { ...PHASES[phase], done, total }
}
