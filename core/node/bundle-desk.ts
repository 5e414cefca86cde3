// The bundle desk of an open node: what core/bundles is given of it.
import { createBundleDesk, type BundleDesk, type Staging } from '#core/bundles/index.ts'
import type { ReceiptId, Topic } from '#core/contract/index.ts'
import type { BlobStore, Exchange, VerificationPool } from '#core/exchange/index.ts'
import type { Ledger } from '#core/ledger/index.ts'
import { conflictCounts } from '#core/reconcile/index.ts'
import type { Draft, Signer } from '#core/receipts/index.ts'
import type { NodeDeps } from './deps.ts'
import type { HomeAdapter } from './home-adapter.ts'
import { idFrom } from './new-id.ts'
import type { NodeFile } from './node-file.ts'
import { pauseOn } from './pause.ts'
import { proofShown } from './read-proof.ts'

export interface OpenNode {
  readonly deps: NodeDeps
  readonly home: HomeAdapter
  readonly node: NodeFile['node']
  readonly ledger: Ledger
  readonly exchange: Exchange
  readonly blobs: BlobStore
  readonly verification: VerificationPool
  readonly signer: () => Signer | null
  readonly signInto: (into: Ledger, drafts: readonly Draft[]) => unknown
  readonly onSigned: () => void
  readonly network: () => { readonly id: ReceiptId; readonly name: string } | null
  readonly onChange: (topics: readonly Topic[]) => void
}

export function openBundleDesk({ deps, home, onChange, signInto, ...open }: OpenNode): BundleDesk {
  const { node, blobs } = open
  const { clock } = deps
  const pause = pauseOn(deps.timers)
  return createBundleDesk({
    ...open,
    files: deps.bundleFiles,
    clock,
    pause,
    importing: (into) => ({
      node,
      ledger: into,
      blobs,
      clock,
      pause,
      signAll: (drafts) => void signInto(into, drafts),
    }),
    openConflicts: () => conflictCounts(open.ledger.read).open,
    readProof: (text, rest) => proofShown(open.ledger.read, text, rest),
    stage: () => stageIn(home, idFrom(deps.randomBytes(16))),
    newId: () => idFrom(deps.randomBytes(16)),
    onChange: () => onChange(['bundles']),
    onBug: deps.onBug,
  })
}

/** Beside the uploads, which are empty at every start: a crash leaves nothing. */
function stageIn(home: HomeAdapter, id: string): Staging {
  const name = `uploads/${id}`
  let offset = 0
  home.writeAt(name, 0, new Uint8Array())
  return {
    path: home.path(name),
    write(piece) {
      home.writeAt(name, offset, piece)
      offset += piece.length
    },
    remove: () => home.remove(name),
  }
}
