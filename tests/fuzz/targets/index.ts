// Every decoder that meets bytes which others made. A process loads the module of its own target and no other.
import type { Target } from '../target.ts'

const MODULES: readonly { readonly names: readonly string[]; readonly load: () => Promise<readonly Target[]> }[] = [
  { names: ['line', 'segment', 'loose-lines'], load: async () => (await import('./receipts.ts')).receiptTargets },
  { names: ['head', 'seen', 'state', 'leaves', 'node-id'], load: async () => (await import('./notes.ts')).noteTargets },
  { names: ['proof'], load: async () => (await import('./proofs.ts')).proofTargets },
  { names: ['marker', 'profile', 'names'], load: async () => (await import('./folders.ts')).folderTargets },
  { names: ['zip'], load: async () => (await import('./zips.ts')).zipTargets },
  {
    names: ['teof-receipt', 'teof-anchors', 'teof-capsule', 'teof-plan', 'teof-hash-ledger', 'teof-key', 'teof-texts'],
    load: async () => (await import('./teof.ts')).teofTargets,
  },
  { names: ['key-secret', 'key-header', 'phrase'], load: async () => (await import('./keys.ts')).keyTargets },
  {
    names: ['node-file', 'running-file', 'reference-config', 'json-option', 'launch'],
    load: async () => (await import('./configs.ts')).configTargets,
  },
  {
    names: ['content-diff', 'content-view', 'report-summary', 'report-conflicts'],
    load: async () => (await import('./contents.ts')).contentTargets,
  },
  { names: ['contract'], load: async () => (await import('./contract.ts')).contractTargets },
  { names: ['frame', 'question', 'http'], load: async () => (await import('./requests.ts')).requestTargets },
  { names: ['bodies'], load: async () => (await import('./ledger.ts')).ledgerTargets },
]

export const targetNames: readonly string[] = MODULES.flatMap(({ names }) => names)

export async function loadTarget(name: string): Promise<Target> {
  const targets = await MODULES.find(({ names }) => names.includes(name))?.load()
  const target = targets?.find((each) => each.name === name)
  if (target === undefined) throw new Error(`There is no target ${name}.`)
  return target
}
