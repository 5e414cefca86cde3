// The claims as they came, side by side.
import type { MemberView } from '#core/contract/index.ts'
import { Content } from '#ui/components/content.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { CLAIM_COLORS, claimLabel } from './claim-names.ts'
import './raw-view.css'

export function RawView({ claims }: { readonly claims: readonly MemberView[] }) {
  return (
    <div className="raw">
      {claims.map((claim, place) => (
        <section key={claim.receipt} className="raw-claim" data-claim={place % CLAIM_COLORS}>
          <header>
            <DataText text={claimLabel(claim, claims)} limit={80} />
            <span className="faint">
              content <ShortId value={claim.hash} />
            </span>
          </header>
          <Content content={claim.content} label={`Content of ${claim.nodeName}’s claim`} />
        </section>
      ))}
    </div>
  )
}
