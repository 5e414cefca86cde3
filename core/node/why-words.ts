// The rules of Steward in words, one for each thing that the window states. They say what core/network and core/reconcile do.
import type { ConflictKind, CountName, PeerState, Policy, ReceiptState } from '#core/contract/index.ts'

const CLAIMS_RULE =
  'Of each node the newest merged claim about the subject is taken, of an imported directory its last import. If all say the same, they agree. If every claim names a verified anchor and one anchor’s chain contains all the others, claims under it stand and the others are put aside. '

const CONFLICT_RULES: Readonly<Record<ConflictKind, string>> = {
  'hash-mismatch': `${CLAIMS_RULE}Otherwise claims that differ wait for a steward.`,
  'missing-anchor': `${CLAIMS_RULE}Here a claim names no anchor where others do, or where the policy asks for one, so none of them can be called the more recent.`,
  'unknown-anchor': `${CLAIMS_RULE}Here a claim names an anchor that no admitted node has signed, so it cannot be placed in any chain.`,
  'diverging-anchors': `${CLAIMS_RULE}Here neither anchor’s chain contains the other.`,
  stale:
    'The policy limits how old claims on this subject may be. A claim over that limit is stale while another node has a newer one.',
  fork: 'A feed has one receipt at each number, and each names the one before. Two signed receipts at one number are two stories: both are kept as proof, and nothing behind them counts before stewards decide which story goes on.',
  withheld:
    'A node’s signed head names how many receipts its feed has. What the head counts and nobody has sent is withheld or late; nothing behind the gap is merged.',
  'held-future': 'A receipt whose time is more than five minutes ahead of this clock is held back until then.',
  'invalid-content':
    'The signature is valid, but the body does not have the form that its kind asks for, so it claims nothing.',
  'decisions-disagree':
    'A verdict counts when as many stewards as the policy asks for have signed the same one. Here more than one verdict has reached that number, so none can be followed.',
  'invalid-signature':
    'The imported file carries a signature, and in none of the known forms does it verify with the keys of its directory.',
  'content-mismatch': 'The imported file states the hash of something, and what is there has another one.',
  'missing-artefact':
    'The policy expects artefacts by pattern. One that somebody has, and that this node or directory does not, is missing there.',
}

export function conflictRule(kind: ConflictKind): string {
  return CONFLICT_RULES[kind]
}

const CONFLICT_WORDS: Readonly<Record<ConflictKind, string>> = {
  'hash-mismatch': 'Claims differ',
  'missing-anchor': 'An anchor is missing',
  'unknown-anchor': 'An anchor is unknown',
  'diverging-anchors': 'Anchors diverge',
  stale: 'Stale claims',
  fork: 'Forks',
  withheld: 'Withheld',
  'held-future': 'Dated ahead',
  'invalid-content': 'Invalid content',
  'decisions-disagree': 'Decisions disagree',
  'invalid-signature': 'Signatures that do not hold',
  'content-mismatch': 'Hashes that do not match',
  'missing-artefact': 'Missing artefacts',
}

/** A kind of conflict as a heading. */
export function conflictWord(kind: ConflictKind): string {
  return CONFLICT_WORDS[kind]
}

/** Where a receipt stands, and why. */
export function stateRule(state: ReceiptState): { readonly answer: string; readonly rule: string } {
  return STATE_RULES[state]
}

const MERGED_RULE =
  'A receipt is merged when its signature verifies, its node is admitted, and its feed leads to it without a gap or an undecided fork. Of merged claims the newest of each node about a subject counts.'

const STATE_RULES: Readonly<Record<ReceiptState, { readonly answer: string; readonly rule: string }>> = {
  merged: { answer: 'It counts: it is merged here and on every node that holds the same receipts.', rule: MERGED_RULE },
  'not-admitted': { answer: 'It does not count yet: its node is not admitted.', rule: MERGED_RULE },
  forked: { answer: 'It does not count yet: its node signed another receipt at the same place.', rule: MERGED_RULE },
  'behind-fork': { answer: 'It does not count yet: it stands behind a fork of its feed.', rule: MERGED_RULE },
  blocked: { answer: 'It does not count here: you block its node on this computer.', rule: MERGED_RULE },
}

const ADMISSION_RULE =
  'A node belongs to the network when the founding receipt names it, or when as many admitted nodes as the policy asks for have signed an admission for it before any fork of their own feeds.'

export const PEER_RULES: Readonly<Record<PeerState, { readonly answer: string; readonly rule: string }>> = {
  'this-node': { answer: 'This is your own node.', rule: ADMISSION_RULE },
  admitted: { answer: 'It belongs to the network, so what it signs is merged.', rule: ADMISSION_RULE },
  pending: { answer: 'It asks to join. Only its head and profile are read.', rule: ADMISSION_RULE },
  blocked: {
    answer: 'You block it on this computer; for the network it is what it was.',
    rule: `${ADMISSION_RULE} Blocking is local: it takes the node’s receipts out of what is merged here, and changes nothing elsewhere.`,
  },
}

export const HOLDING_RULE =
  'Each node signs a note of whose feeds it holds and up to where, and publishes it beside its own feed. What it says about others is only its word; what this ledger holds was verified here, receipt by receipt.'

export const COUNT_RULES: Readonly<Record<CountName, string>> = {
  'open-conflicts':
    'Every subject that more than one node speaks of is judged again whenever a receipt about it arrives. What no rule may settle is an open conflict until enough stewards sign the same verdict.',
  'overdue-conflicts':
    'A conflict that is open for more days than the policy allows counts one step more severe, as of its newest claim.',
  'settled-conflicts':
    'A conflict is settled while one verdict has as many stewards behind it as the policy asks for, no other verdict has, and no claim has come that those decisions do not cover.',
  receipts:
    'All receipts whose signature verified and that follow in their feed, whether they count or not. None is ever deleted.',
  'pending-nodes': 'Nodes that write to the exchange and are not admitted. Nothing of them is merged before.',
  'not-merged':
    'What came and is not in the ledger: refused with its reason, waiting for what is missing before it, or held because it is dated ahead. All of it is kept.',
  nodes: ADMISSION_RULE,
  tasks:
    'A task is whatever receipts name as theirs, and whatever a plan is called. Its steps come from plan files, plan proposals and plan steps of all nodes and directories. A step is done once it is called done by naming at least one receipt; called done without one it is unproven, and where some call it done and some do not it is in dispute.',
  anchors:
    'An anchor is known once an admitted node has signed it, and follows the anchors that it names. One is newer than another only if its chain contains the other. Where all claims about a subject name known anchors and one chain contains all others, claims under that anchor stand and the others are put aside.',
  fingerprint:
    'SHA-256 over the hash of the policy in force and, for each admitted node in the order of ids, how far its feed is merged, the receipt there and every other story kept. A receipt names the one before, so this covers every receipt; four words stand for it.',
  safety:
    'Safe means that every other admitted node says, signed, that it holds your whole feed, that all they signed is here, that no feed has told two stories, and that the exchange works. The worst of these is what is said.',
}

/** The policy as the sentence that answers "by which rules?". */
export function policyRule(policy: Policy): string {
  const { decisionsNeeded, admissionsNeeded, freshness, requireAnchor, escalateAfterDays, unsignedImports } = policy
  const expected = policy.expected ?? []
  return [
    `${stewards(decisionsNeeded)} to settle a conflict, ${stewards(admissionsNeeded).toLowerCase()} to admit a node.`,
    many(freshness.length, 'limit', 'limits', 'on how old claims may be'),
    many(requireAnchor.length, 'pattern', 'patterns', 'of subjects whose claims must name an anchor'),
    many(expected.length, 'pattern', 'patterns', 'of artefacts that everybody should have'),
    unsignedImports === 'refuse' ? 'Imported files without a valid signature do not count.' : '',
    escalateAfterDays === undefined
      ? ''
      : `Conflicts are overdue after ${escalateAfterDays === 1 ? 'a day' : `${escalateAfterDays} days`}.`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function stewards(count: number): string {
  return count === 1 ? 'One steward is enough' : `${count} stewards must agree`
}

function many(count: number, one: string, more: string, about: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : more} ${about}.`
}
