// VerifiedReceipt -> Admission: the feed rules, a pure function. What it says of a set of receipts must not depend on the
// order in which they came, so nothing is refused for its neighbours: a broken `prev` may be the other branch of a fork
// whose missing receipt is still to come. It is kept as a second story, and what is merged is worked out from the whole set.
import type { Instant } from '#core/contract/index.ts'
import { instantAfter, msBetween } from './instant.ts'
import type { Admission, FeedTail, VerifiedReceipt } from './types.ts'
import { LIMITS } from './limits.ts'
import { refused } from './refusal.ts'

/** What the feed rules say about one receipt at this moment; `waiting` and `held` are to be asked again later. */
export function admit(tail: FeedTail, receipt: VerifiedReceipt, now: Instant): Admission {
  const { id } = receipt
  const { seq, prev, time, node } = receipt.receipt
  const stories = tail.idsAt(seq)
  if (stories.includes(id)) return { outcome: 'known' }
  if (msBetween(now, time) > LIMITS.aheadMs) return { outcome: 'held', until: instantAfter(time, -LIMITS.aheadMs) }
  if (seq > tail.seq + 1) return { outcome: 'waiting', for: tail.seq + 1 }

  if (stories.length >= LIMITS.storiesPerSeq) {
    const { refusal } = refused(
      'fork-flood',
      `${stories.length} receipts with seq ${seq} are kept; that proves the fork.`,
      node,
    )
    return { outcome: 'refused', refusal }
  }
  const [sibling] = stories
  if (sibling !== undefined) return { outcome: 'forked', other: sibling }

  const before = tail.idsAt(seq - 1)
  const [predecessor] = before
  if (predecessor !== undefined && (prev === null || !before.includes(prev)))
    return { outcome: 'forked', other: predecessor }
  return { outcome: 'appended' }
}
