// Proofs among what was dropped: what each says, and whether that holds.
import type { BundleProof } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { counted } from './words.ts'

export function Proofs({ proofs, count }: { readonly proofs: readonly BundleProof[]; readonly count: number }) {
  return (
    <>
      <ul className="bundle-proofs" aria-label="Proofs">
        {proofs.map((proof) => (
          <li key={proof.entry}>
            <ProofVerdict proof={proof} />
          </li>
        ))}
      </ul>
      {count > proofs.length && (
        <p className="sm muted">
          {`${grouped(count - proofs.length)} more were not checked: drop fewer at once to see them.`}
        </p>
      )}
    </>
  )
}

function ProofVerdict({ proof }: { readonly proof: BundleProof }) {
  const { entry, holds, sentence, beside, held, faults } = proof
  return (
    <div className="bundle-verdict" data-tone={holds ? 'good' : 'bad'}>
      <Icon name={holds ? 'check' : 'warning'} size={18} />
      <div className="bundle-proof">
        <p>
          <b>
            <DataText text={sentence} limit={600} />
          </b>
        </p>
        {beside.map((text) => (
          <p key={text}>
            <DataText text={text} limit={600} />
          </p>
        ))}
        {faults.length > 0 && (
          <ul>
            {faults.map((text, index) => (
              // Two receipts may fail the same check.
              <li key={`${index} ${text}`}>
                <DataText text={text} limit={600} />
              </li>
            ))}
          </ul>
        )}
        <p className="sm muted">
          <span className="mono">
            <DataText text={entry} limit={120} />
          </span>
          {holds ? `: all ${counted(held, 'check')} hold. ${whereWords(proof)}` : ': do not rely on it.'}
        </p>
      </div>
    </div>
  )
}

function whereWords({ receipts, here }: BundleProof): string {
  if (here === receipts)
    return receipts === 1 ? 'Its receipt is in your ledger.' : 'All its receipts are in your ledger.'
  return here === 0
    ? 'None of its receipts is in your ledger.'
    : `${grouped(here)} of its ${counted(receipts, 'receipt')} are in your ledger.`
}
