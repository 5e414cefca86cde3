// The answer to "Why do I believe this?": what is so, the rule that makes it so, the values, and the receipts behind it.
import type { WhyView } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { exactUtc } from '#ui/components/relative-time.ts'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { createWhyStore, type WhyState } from '#ui/store/why-store.ts'
import './why.css'

const wholeState = (state: WhyState) => state

export function WhyDialog() {
  const { asked, again, close } = useSteward(createWhyStore, wholeState)
  if (asked === null) return null
  return (
    <Dialog title="Why do I believe this?" opened onClose={close} size="lg">
      {asked.answer.state === 'loading' && <ListSkeleton rows={3} label="Looking for the reason" />}
      {asked.answer.state === 'failed' && <ProblemPanel problem={asked.answer.problem} onRetry={again} compact />}
      {asked.answer.state === 'ready' && <Answer why={asked.answer.value} onLeave={close} />}
    </Dialog>
  )
}

function Answer({ why, onLeave }: { readonly why: WhyView; readonly onLeave: () => void }) {
  return (
    <div className="why-answer">
      <div>
        <h3>
          <DataText text={why.title} limit={300} />
        </h3>
        {why.answer !== '' && (
          <p>
            <DataText text={why.answer} limit={2_000} />
          </p>
        )}
      </div>
      <section aria-label="The rule">
        <h4>The rule</h4>
        <p className="why-rule">{why.rule}</p>
      </section>
      {why.facts.length > 0 && (
        <section aria-label="The values">
          <h4>The values</h4>
          <dl className="why-facts">
            {why.facts.map(({ label, value }) => (
              <div key={label}>
                <dt>
                  <DataText text={label} limit={100} />
                </dt>
                <dd>
                  <Value value={value} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {why.receipts.length > 0 && (
        <section aria-label="The receipts">
          <h4>The receipts</h4>
          <ul className="why-receipts">
            {why.receipts.map(({ receipt, role }) => (
              <li key={`${receipt.id} ${role}`}>
                <a className="link" href={hrefTo('receipts', receipt.id)} onClick={onLeave}>
                  <DataText text={receipt.nodeName} limit={64} />{' '}
                  <span className="mono num">#{grouped(receipt.seq)}</span>
                </a>
                <span className="sm">
                  <DataText text={role} limit={300} />
                </span>
                <span className="sm faint">
                  <When at={receipt.time} />
                </span>
              </li>
            ))}
          </ul>
          {why.more > 0 && <p className="sm muted">{grouped(why.more)} more.</p>}
        </section>
      )}
      {why.links.length > 0 && (
        <nav className="why-links" aria-label="Where it was counted">
          {why.links.map(({ text, section, id, query }) => (
            <a
              key={`${section} ${id ?? ''} ${JSON.stringify(query)}`}
              className="chip"
              href={hrefTo(section, id, query)}
              onClick={onLeave}
            >
              <DataText text={text} limit={80} />
            </a>
          ))}
        </nav>
      )}
    </div>
  )
}

/** Instants as they are shown everywhere. */
function Value({ value }: { readonly value: string }) {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? (
    <span className="num">{exactUtc(value)}</span>
  ) : (
    <DataText text={value} limit={400} />
  )
}
