// What a steward reads about a conflict: what is the matter, why no rule settled it, what to do. One sentence each.
import { countWord, fileName, type ConflictKind, type ConflictMember, type NodeId } from '#core/contract/index.ts'
import type { Names } from '#core/network/index.ts'

export interface TitleFacts {
  readonly kind: ConflictKind
  readonly subject: string
  readonly members: readonly ConflictMember[]
  readonly memberCount: number
  readonly range: { readonly fromSeq: number; readonly toSeq: number } | null
  readonly names: Names
}

export function conflictTitle(facts: TitleFacts): string {
  const { kind, subject, members, memberCount, range } = facts
  const file = fileName(subject)
  switch (kind) {
    case 'hash-mismatch':
      return `${file}: ${countWord(memberCount)} claims differ`
    case 'missing-anchor':
      return memberCount === 1
        ? `${file}: ${nameOf(members, 0)}'s claim names no anchor`
        : `${file}: claims that name no anchor stand beside others`
    case 'unknown-anchor':
      return `${file}: a claim names an anchor that nobody signed`
    case 'diverging-anchors':
      return `${file}: claims stand under anchors that do not follow each other`
    case 'stale':
      return memberCount === 1
        ? `${file}: ${nameOf(members, 0)}'s claim is out of date`
        : `${file}: the claims of ${countWord(memberCount)} nodes are out of date`
    case 'fork':
      return `${nameOf(members, 0)} told ${countWord(Math.max(2, memberCount))} stories about its receipt #${range?.fromSeq ?? 0}`
    case 'withheld':
      return `${nameOfSubject(facts)} has not sent ${rangeWords(range)}`
    case 'held-future':
      return `${nameOfSubject(facts)}'s receipt #${range?.fromSeq ?? 0} is dated ahead of this clock`
    case 'invalid-content':
      return `${file}: what ${nameOf(members, 0)} signed does not fit its kind`
    case 'decisions-disagree':
      return `${file}: ${countWord(memberCount)} stewards decided differently`
    case 'invalid-signature':
      return `${file}: the signature in ${nameOf(members, 0)}’s file does not hold`
    case 'content-mismatch':
      return `${file}: a hash that ${nameOf(members, 0)} states does not fit the content`
    case 'missing-artefact':
      return `${nameOfSubject(facts)} lacks ${lackingWords(range)}`
  }
}

export interface WhyFacts extends TitleFacts {
  readonly reopened: boolean
  /** Stale claims: who made the newest claim elsewhere, and both ages in words. */
  readonly ages: { readonly stale: string; readonly newestNode: string; readonly newest: string } | null
  readonly heldUntil: string | null
  /** What does not hold about an imported file, as it was found when it was imported. */
  readonly flaw: string | null
}

/** Why no rule settled it. */
export function conflictWhy(facts: WhyFacts): string {
  const { kind, members, range, reopened } = facts
  const again = reopened ? ' It was settled before; a claim that came later is not covered by that decision.' : ''
  switch (kind) {
    case 'hash-mismatch':
      return `${facts.flaw ?? 'The claims differ and no anchor is newer than the others, so no rule may choose between them.'}${again}`
    case 'missing-anchor':
      return members.length === 1
        ? `The network's policy asks for an anchor here, and this claim names none.${again}`
        : `Some of the claims name an anchor and some do not, so it cannot be said which is more recent.${again}`
    case 'unknown-anchor':
      return `No admitted node has signed that anchor, so it cannot be said which claim is more recent.${again}`
    case 'diverging-anchors':
      return `Neither anchor's chain contains the other, so none of them is the more recent one.${again}`
    case 'stale':
      return facts.ages === null
        ? `The claim is older than the network's policy allows, and another node has a newer one.${again}`
        : `The claim is ${facts.ages.stale} old, more than policy allows; ${facts.ages.newestNode}'s is ${facts.ages.newest} old.${again}`
    case 'fork':
      return members.some((member) => member.seq !== members[0]?.seq)
        ? `${nameOf(members, 0)} signed a receipt that does not follow the one before it. Both are signed, so its feed stands still.${again}`
        : `${nameOf(members, 0)} signed different receipts with the same number. Each is valid by itself, so its feed stands still before #${range?.fromSeq ?? 0}.${again}`
    case 'withheld':
      return `${nameOfSubject(facts)}'s signed head counts more receipts than have arrived; nothing behind the gap is merged.`
    case 'held-future':
      return facts.heldUntil === null
        ? 'Its time lies more than five minutes ahead of this clock, so it is held back.'
        : `Its time is ${facts.heldUntil}, more than five minutes ahead of this clock, so it is held back until then.`
    case 'invalid-content':
      return `The signature is valid, but the body does not have the form that its kind asks for, so it claims nothing.${again}`
    case 'decisions-disagree':
      return `Different verdicts have each enough stewards behind them, so none of them can be followed.${again}`
    case 'invalid-signature':
    case 'content-mismatch':
      return `${facts.flaw ?? 'What the file states about itself does not hold.'}${again}`
    case 'missing-artefact':
      return 'The network’s policy expects them of everybody; they were never published here, were withheld, or were lost.'
  }
}

/** What a steward can do about it. */
export function conflictRemedy(kind: ConflictKind): string {
  switch (kind) {
    case 'hash-mismatch':
      return 'Compare the claims and sign which of them holds.'
    case 'missing-anchor':
      return 'Ask the node to claim again under an anchor, or sign which claim holds.'
    case 'unknown-anchor':
      return 'Sign the anchor if you know it, or sign which claim holds.'
    case 'diverging-anchors':
      return 'Sign an anchor that follows both, or sign which claim holds.'
    case 'stale':
      return 'Ask the node for a fresh claim, or sign that the old one still holds.'
    case 'fork':
      return 'Ask its steward what happened, then sign which story goes on, or that neither does.'
    case 'withheld':
      return 'Nothing can be decided: ask the node, or anybody who has its feed, to publish the missing receipts.'
    case 'held-future':
      return 'Nothing has to be decided: check both clocks; it is merged when its time comes.'
    case 'invalid-content':
      return 'Ask the node to sign it again in the right form, or sign that it does not count.'
    case 'decisions-disagree':
      return 'Talk to the other stewards: sign which decision holds, or one of them withdraws.'
    case 'invalid-signature':
      return 'Ask the node for the receipt as it was signed and for its key, import again, or sign whether it counts.'
    case 'content-mismatch':
      return 'Ask the node for the content that the hash stands for, import again, or sign whether it counts.'
    case 'missing-artefact':
      return 'Nothing can be decided: ask for what is missing and import again, or take the pattern out of the policy.'
  }
}

function nameOf(members: readonly ConflictMember[], index: number): string {
  return members[index]?.nodeName ?? 'A node'
}

function nameOfSubject({ subject, names }: TitleFacts): string {
  // What concerns a feed has its node as the subject; what concerns an imported directory, its label.
  return subject.startsWith('did:key:') ? names.of(subject as NodeId) : subject
}

/** What a person calls it: a node by its name, a file by the last part of its path. */
export function subjectName(subject: string, names: Names): string {
  return subject.startsWith('did:key:') ? names.of(subject as NodeId) : fileName(subject)
}

/** What is missing is counted: `fromSeq` of `toSeq`. */
function lackingWords(range: TitleFacts['range']): string {
  if (range === null) return 'expected artefacts'
  return `${range.fromSeq.toLocaleString('en')} of ${range.toSeq.toLocaleString('en')} expected artefacts`
}

function rangeWords(range: TitleFacts['range']): string {
  if (range === null) return 'some receipts'
  return range.fromSeq === range.toSeq
    ? `its receipt #${range.fromSeq}`
    : `all of its receipts #${range.fromSeq} to #${range.toSeq}`
}
