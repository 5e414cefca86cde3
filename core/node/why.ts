// Answers "why do I believe this?" from the same rules and receipts that made the answer in the first place.
import type { Instant, WhyAbout, WhyView } from '#core/contract/index.ts'
import type { Session } from './session.ts'
import { whyConflict } from './why-conflict.ts'
import { whyCount } from './why-count.ts'
import { whyHolding, whyPeer, whyPolicy } from './why-network.ts'
import type { Why } from './why-parts.ts'
import { whyReceipt } from './why-receipt.ts'

const SHOWN_RECEIPTS = 100

/** @throws StewardError NOT_FOUND for what is not here. */
export async function whyOf(session: Session, about: WhyAbout, now: Instant): Promise<WhyView> {
  switch (about.type) {
    case 'conflict':
      return capped(await whyConflict(session, about.id, now))
    case 'receipt':
      return capped(await whyReceipt(session, about.id, now))
    case 'peer':
      return capped(whyPeer(session, about.node))
    case 'holding':
      return capped(whyHolding(session, about.holder, about.node))
    case 'policy':
      return capped(whyPolicy(session))
    case 'count':
      return capped(whyCount(session, about.name, now))
  }
}

function capped(why: Why): WhyView {
  return {
    ...why,
    receipts: why.receipts.slice(0, SHOWN_RECEIPTS),
    more: Math.max(0, why.receipts.length - SHOWN_RECEIPTS),
  }
}
