import { describe, expect, test } from 'vitest'
import { verdictSentence } from '#core/contract/sentence.ts'
import { claimLabel, keyOfClaim, pickLabel, pickTitle, rowLine } from '#ui/screens/conflicts/claim-names.ts'
import { claim } from './small-network.ts'

const ada = claim('ada', '12')
const ben = { ...claim('ben', '14'), seq: 877 }
const about = { kind: 'hash-mismatch' as const, subject: '_report/usage/summary.json', members: [ada, ben] }

describe('the sentence that is signed', () => {
  test('names node, receipt and value of the claim that holds', () => {
    const sentence = verdictSentence(about, { type: 'pick', receipt: ben.receipt })
    for (const part of ['summary.json', "ben's receipt #877", '(count 14)']) expect(sentence).toContain(part)
    expect(sentence).not.toContain('ada')
  })

  test('does not depend on the order in which the claims are shown', () => {
    const verdict = { type: 'pick', receipt: ada.receipt } as const
    expect(verdictSentence({ ...about, members: [ben, ada] }, verdict)).toBe(verdictSentence(about, verdict))
  })

  test('tells the two stories of a fork apart', () => {
    const other = claim('ada', '13')
    const fork = { kind: 'fork' as const, subject: '412', members: [ada, other] }
    expect(verdictSentence(fork, { type: 'pick', receipt: ada.receipt })).not.toBe(
      verdictSentence(fork, { type: 'pick', receipt: other.receipt }),
    )
  })
})

describe('the button of a claim', () => {
  const say = (gist: string, gistOf: string | null) => {
    const claimed = { ...ada, gist, gistOf }
    return pickLabel('hash-mismatch', claimed, [claimed, ben])
  }

  test('says a number as it is, a word with its field, and nothing that would be cut', () => {
    expect(say('12', 'feeds.demo.receipt_count')).toBe('ada: 12')
    expect(say('true', 'observations[0].stale_labeled')).toBe('ada: stale_labeled true')
    expect(say('2025-09-26T22:20:13Z', 'generated_at')).toBe('ada')
  })

  test('says the name alone where another claim of the conflict has too much to say', () => {
    expect(pickLabel('hash-mismatch', ada, [ada, { ...ben, gist: '73245.530231', gistOf: 'latest_age_seconds' }])).toBe(
      'ada',
    )
  })

  test('says all of it to who points at it', () => {
    const claimed = { ...ada, gist: '2025-09-26T22:20:13Z', gistOf: 'generated_at' }
    expect(pickTitle('hash-mismatch', claimed, [ada, ben])).toBe('ada: generated_at 2025-09-26T22:20:13Z')
  })
})

describe('claims are told apart', () => {
  test('by their node; two of one node by number, and by id where even that is equal', () => {
    expect(claimLabel(ada, [ada, ben])).toBe('ada')
    const later = { ...claim('ada', '13'), seq: 13 }
    expect(claimLabel(later, [ada, later])).toBe('ada #13')
    const twin = claim('ada', '13')
    expect(claimLabel(ada, [ada, twin])).not.toBe(claimLabel(twin, [ada, twin]))
  })

  test('the first nine have a key', () => {
    expect([0, 8, 9].map(keyOfClaim)).toEqual(['1', '9', null])
  })

  test('a row does not say its name twice, and says whose claims they are', () => {
    const members = [ada, ben]
    expect(rowLine({ subjectName: 'summary.json', title: 'summary.json: two claims differ', members })).toBe(
      'Two claims differ · ada, ben',
    )
    expect(rowLine({ subjectName: 'ben', title: 'ben has not sent all of its receipts #11 to #13', members: [] })).toBe(
      'Has not sent all of its receipts #11 to #13',
    )
    expect(rowLine({ subjectName: '412', title: 'ada told two stories', members: [ada] })).toBe('ada told two stories')
  })

  test('a node keeps its name as it writes it, also where a line begins with it', () => {
    const title = "summary.json: ada's claim is out of date"
    expect(rowLine({ subjectName: 'summary.json', title, members: [ada] })).toBe("ada's claim is out of date")
  })
})
