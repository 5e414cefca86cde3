// "Is everything safe?" in one sentence, with its reason and remedy. Pure: the facts come in.
import type { ExchangeView } from '#core/contract/index.ts'

export interface SafetyFacts {
  readonly exchange: Pick<ExchangeView, 'state' | 'reason' | 'remedy' | 'unpublished'>
  /** Newest receipt of the own feed. */
  readonly ownSeq: number
  /** For each other admitted node, up to where it says it holds the own feed. */
  readonly othersHave: readonly number[]
  readonly openForks: number
  /** Nodes whose head names more than has arrived here. */
  readonly behind: number
}

export interface Safety {
  readonly level: 'safe' | 'watch' | 'danger'
  readonly headline: string
  readonly detail: string
  readonly remedy: string | null
}

/** The worst thing is said; the rest stands in what waits. */
export function ownFeedSafety({ exchange, ownSeq, othersHave, openForks, behind }: SafetyFacts): Safety {
  if (openForks > 0) {
    return {
      level: 'danger',
      headline: openForks === 1 ? 'A node told two stories' : `${openForks} nodes told two stories`,
      detail: 'Both stories are signed and kept as proof; nothing behind the fork is merged.',
      remedy: 'Review the conflict about the fork and decide which story goes on.',
    }
  }
  if (exchange.state === 'none') {
    return {
      level: 'watch',
      headline: 'Your receipts are only on this machine',
      detail: 'No exchange folder is chosen, so no other node can hold a copy.',
      remedy: 'Choose the folder that is shared with the other nodes.',
    }
  }
  // What is said of an exchange that goes on is no matter of the own feed.
  if (exchange.reason !== null && exchange.state !== 'idle' && exchange.state !== 'syncing') {
    const waiting =
      exchange.unpublished === 0 ? '' : ` ${count(exchange.unpublished, 'receipt')} of yours wait to be published.`
    return {
      level: 'watch',
      // Who is not admitted reads and publishes all the same; nobody merges it.
      headline: exchange.state === 'not-admitted' ? 'Your node is not admitted yet' : 'The exchange stands still',
      detail: `${exchange.reason}${waiting}`,
      remedy: exchange.remedy,
    }
  }
  if (othersHave.length === 0) {
    return {
      level: 'watch',
      headline: 'Nobody else holds your receipts yet',
      detail: `${count(ownSeq, 'receipt')} lie in the exchange folder, and no other node belongs to the network.`,
      remedy: 'Share the folder with another steward and admit their node.',
    }
  }
  const holders = othersHave.filter((seq) => seq >= ownSeq).length
  if (holders === 0) {
    const most = Math.max(...othersHave)
    return {
      level: 'watch',
      headline: `${count(ownSeq - most, 'receipt')} of yours ${ownSeq - most === 1 ? 'is' : 'are'} not with any other node yet`,
      detail: `Others hold your feed up to #${most} of #${ownSeq}. They fetch the rest when their folder syncs.`,
      remedy: null,
    }
  }
  const behindText =
    behind === 0
      ? 'Everything that they signed is here too.'
      : `${count(behind, 'feed')} ${behind === 1 ? 'is' : 'are'} still arriving here.`
  const allHold = holders === othersHave.length
  return {
    // The same rule as the sync state in the top bar: safe is what is in step with every other node, both ways.
    level: allHold && behind === 0 ? 'safe' : 'watch',
    headline: allHold
      ? 'Every other node holds all your receipts'
      : `${holders} of ${othersHave.length} others ${holders === 1 ? 'holds' : 'hold'} all your receipts`,
    detail: `${behindText} If this machine is lost, your feed can be read back from the exchange.`,
    remedy: allHold ? null : 'The others fetch the rest when their folder syncs.',
  }
}

function count(n: number, thing: string): string {
  return `${n.toLocaleString('en')} ${thing}${n === 1 ? '' : 's'}`
}
