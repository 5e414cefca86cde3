// One node, and what it last said of its state, as a person reads them.
import { wayWords, type Peer, type StateOfNode } from '#core/contract/index.ts'
import { columns, plain, shortId, shortTime } from '../layout.ts'

export const PEER_STATES = {
  'this-node': 'this node',
  admitted: 'admitted',
  pending: 'asks to join',
  blocked: 'blocked on this installation',
} as const

export function peerText(one: Peer): string {
  const { admittedBy, admissionsNeeded, headSeq, seq, lastSeen, trouble } = one
  const by = admittedBy.map(({ name, receipt }) => `${plain(name)} (${shortId(receipt)})`).join(', ')
  return columns([
    ['Node', `${plain(one.name)}, ${one.node}`],
    ['Words', one.words.join(' ')],
    ['State', PEER_STATES[one.state]],
    ['Admitted by', `${by === '' ? 'nobody' : by}; ${admissionsNeeded} needed`],
    [
      'Its feed',
      `${one.mergedSeq} merged, ${seq} here, ${headSeq === null ? 'no head of it yet' : `its head names ${headSeq}`}, ${one.waiting} waiting`,
    ],
    ...(one.state === 'this-node'
      ? []
      : [
          ['Has of yours', one.hasOfOurs === null ? 'it never said' : `up to #${one.hasOfOurs}`],
          ['Last seen', lastSeen === null ? 'never' : `${shortTime(lastSeen.at)}, ${wayWords(lastSeen.way)}`],
        ]),
    ...(one.org === null ? [] : [['Of', plain(one.org)]]),
    ...(one.region === null ? [] : [['Region', plain(one.region)]]),
    ...(trouble === null
      ? []
      : [
          ['Trouble', plain(trouble.what)],
          ['To do', plain(trouble.remedy)],
        ]),
  ])
}

export function stateRow({ name, outcome, said, words }: StateOfNode): string[] {
  return [
    plain(name),
    outcome === 'not-said' ? 'not said yet' : outcome,
    said === null ? '' : shortTime(said),
    words?.join(' · ') ?? '',
  ]
}
