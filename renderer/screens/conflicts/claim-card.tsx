import type { ReactNode } from 'react'
import type { MemberView } from '#core/contract/index.ts'
import { wayWords } from '#core/contract/way-words.ts'
import { AnchorFact } from '#ui/components/anchor-fact.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { shortUtc } from '#ui/components/relative-time.ts'
import { ShortId } from '#ui/components/short-id.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { useNowMs, When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { hrefTo } from '#ui/router.ts'
import { CLAIM_COLORS, keyOfClaim } from './claim-names.ts'
import './claim-card.css'

/** One claim with everything that a steward weighs. What is proved stays apart: signature, admission, anchor. */
export function ClaimCard({
  claim,
  place,
  chosen,
}: {
  readonly claim: MemberView
  readonly place: number
  readonly chosen: boolean
}) {
  const nowMs = useNowMs()
  const key = keyOfClaim(place)
  return (
    <article className="claim" data-claim={place % CLAIM_COLORS} data-chosen={chosen || undefined}>
      <header className="claim-head">
        {key !== null && <Kbd>{key}</Kbd>}
        <h3 className="ellipsis" title={claim.nodeName}>
          <DataText text={claim.nodeName} limit={64} />
        </h3>
        {claim.thisNode && <span className="muted sm nowrap">this node</span>}
        <span className="claim-marks">
          <span title="Signature valid">
            <Tag tone="green">
              <span className="claim-tick">
                <Icon name="check" size={14} />
              </span>
              <span className="claim-mark-words">signature valid</span>
            </Tag>
          </span>
        </span>
      </header>
      <dl className="claim-facts">
        <Fact name="Says">
          <span
            className="claim-said mono"
            title={claim.gistOf === null ? claim.gist : `${claim.gistOf} ${claim.gist}`}
          >
            {claim.gistOf !== null && (
              <span className="claim-field">
                <DataText text={claim.gistOf} limit={120} />
              </span>
            )}
            <span className="claim-gist">
              <DataText text={claim.gist} limit={120} />
            </span>
          </span>
        </Fact>
        <Fact name="Signer">
          <ShortId value={claim.node} />
          <span className="claim-more">
            {' '}
            <span className="faint">·</span> admitted
          </span>
        </Fact>
        <Fact name="Made">
          <span className="nowrap">{shortUtc(claim.time, nowMs)}</span>
          <span className="claim-more faint">
            {' '}
            <When at={claim.time} />
          </span>
        </Fact>
        <Fact name="Receipt">
          <a className="link mono num" href={hrefTo('receipts', claim.receipt)}>
            #{claim.seq.toLocaleString('en')}
          </a>
          <span className="claim-more">
            {' '}
            <span className="faint">·</span> <ShortId value={claim.receipt} />
          </span>{' '}
          <Why about={{ type: 'receipt', id: claim.receipt }} what={`the claim of ${claim.nodeName}`} />
        </Fact>
        <Fact name="Anchor">
          <AnchorFact anchor={claim.anchor} />
        </Fact>
        <Fact name="Held by">
          <a className="link plain" href={hrefTo('receipts', claim.receipt)}>
            <HeldBy {...claim.heldBy} />
          </a>
        </Fact>
        <Fact name="Arrived">
          {wayWords(claim.arrived.way)}{' '}
          <span className="faint">
            <When at={claim.arrived.at} />
          </span>
        </Fact>
      </dl>
    </article>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div data-fact={name}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function HeldBy({ count, of, notBy }: MemberView['heldBy']) {
  const named = notBy.slice(0, 2).join(', ')
  const rest = notBy.length > 2 ? ` and ${notBy.length - 2} more` : ''
  return (
    <>
      <span className="num">
        {count.toLocaleString('en')} of {of.toLocaleString('en')} {of === 1 ? 'node' : 'nodes'}
      </span>{' '}
      {notBy.length > 0 && (
        <span className="amber" title={notBy.join(', ')}>
          not <DataText text={`${named}${rest}`} limit={160} />
        </span>
      )}
    </>
  )
}
