// The checks, run now in front of the steward: each says what it compared, and both values.
import { Button } from '@mantine/core'
import type { Check } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import type { ReceiptChecks } from '#ui/store/receipts-store.ts'
import type { Resource } from '#ui/store/resource.ts'

export function LiveChecks({
  checks,
  onAgain,
}: {
  readonly checks: Resource<ReceiptChecks>
  readonly onAgain: () => void
}) {
  return (
    <section className="rd-part" aria-label="Checked now">
      <div className="rd-part-head">
        <h3>Checked now</h3>
        <span className="sm muted">on this computer, without the network</span>
        <Button size="compact-sm" variant="subtle" onClick={onAgain} leftSection={<Icon name="sync" size={13} />}>
          Check again
        </Button>
      </div>
      <div role="status" aria-live="polite">
        <Answer checks={checks} onAgain={onAgain} />
      </div>
    </section>
  )
}

function Answer({ checks, onAgain }: { readonly checks: Resource<ReceiptChecks>; readonly onAgain: () => void }) {
  switch (checks.state) {
    case 'loading':
      return <p className="sm muted">Recomputing hash, signature, place and inclusion…</p>
    case 'failed':
      return <ProblemPanel problem={checks.problem} onRetry={onAgain} compact />
    case 'ready':
      return (
        <ul className="checks">
          {checks.value.checks.map((check) => (
            <CheckRow key={check.name} check={check} />
          ))}
        </ul>
      )
  }
}

function CheckRow({ check }: { readonly check: Check }) {
  const { name, ok, detail, expected, found } = check
  return (
    <li data-ok={ok}>
      <Icon name={ok ? 'check' : 'cross'} size={16} />
      <div>
        <div>
          <b>{name}</b> <span className={ok ? 'green sm' : 'red sm'}>{ok ? 'holds' : 'does not hold'}</span>
        </div>
        <div className="sm muted">
          <DataText text={detail} limit={600} />
        </div>
        {expected !== undefined && (
          <dl className="check-values">
            <dt>expected</dt>
            <dd>
              <Value text={expected} />
            </dd>
            <dt>found</dt>
            <dd>
              <Value text={found ?? 'nothing'} />
            </dd>
          </dl>
        )}
      </div>
    </li>
  )
}

/** Hashes, keys and signatures short with the whole on hover; words as they are. */
function Value({ text }: { readonly text: string }) {
  return /^[\w:+/=-]{24,}$/.test(text) ? <ShortId value={text} /> : <DataText text={text} limit={300} />
}
