// The overview's sentences, from counts and times.
import type { Counters } from '#core/contract/index.ts'
import { grouped } from '#ui/components/grouped.ts'
import { dayAndMonth } from '#ui/components/relative-time.ts'

export function waitsHeadline({ openConflicts, pendingNodes }: Counters): string {
  const parts = [
    ...(openConflicts > 0 ? [counted(openConflicts, 'conflict', 'conflicts')] : []),
    ...(pendingNodes > 0 ? [counted(pendingNodes, 'new node', 'new nodes')] : []),
  ]
  return parts.length === 0 ? 'Nothing waits for you' : parts.join(' and ')
}

export function oldestSentence(
  counters: Counters,
  oldestOpen: string | null,
  otherNodes: number,
  nowMs: number,
): string {
  if (counters.openConflicts > 0 && oldestOpen !== null) {
    const day = dayOf(oldestOpen, nowMs)
    return counters.openConflicts === 1 ? `It is from ${day}.` : `The oldest is from ${day}.`
  }
  if (counters.pendingNodes > 0) return 'Compare six words with its steward before you admit it.'
  return otherNodes === 0
    ? 'No other node is in this network yet. Share the exchange folder, and who joins appears here.'
    : 'The nodes agree on everything that you hold. New conflicts appear here by themselves.'
}

/** "today", "yesterday", "19 November", with the year where it is another one. UTC, like every time here. */
export function dayOf(instant: string, nowMs: number): string {
  const day = instant.slice(0, 10)
  if (day === isoDay(nowMs)) return 'today'
  if (day === isoDay(nowMs - 86_400_000)) return 'yesterday'
  const sameYear = day.slice(0, 4) === isoDay(nowMs).slice(0, 4)
  return sameYear ? dayAndMonth(instant) : `${dayAndMonth(instant)} ${day.slice(0, 4)}`
}

/** "318 arrived, 315 in the ledger, 3 held back". What is in the ledger need not be merged: its node may not be admitted. */
export function activitySentence(buckets: readonly { readonly inLedger: number; readonly heldBack: number }[]): string {
  const inLedger = buckets.reduce((sum, bucket) => sum + bucket.inLedger, 0)
  const heldBack = buckets.reduce((sum, bucket) => sum + bucket.heldBack, 0)
  if (inLedger + heldBack === 0) return 'None arrived. What you sign and what others send shows here.'
  const arrived = `${grouped(inLedger + heldBack)} arrived`
  return heldBack === 0
    ? `${arrived}, all in the ledger`
    : `${arrived}, ${grouped(inLedger)} in the ledger, ${grouped(heldBack)} held back`
}

function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
