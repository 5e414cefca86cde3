// The page that checks itself, as its reader meets it: the sentence and every check where all holds, and a warning where a byte is another.
import { resolveObjectURL } from 'node:buffer'
import { afterEach, expect, test, vi } from 'vitest'
import { proofPage, proofText, type Proof } from '#core/proof/index.ts'
import { bare, conflictOf, included, proofOf } from '#tests/kit/made-proofs.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { openPage, type FakePage } from '#tests/kit/page-dom.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

function profile(node: TestNode) {
  return node.sign({ kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name: node.name } })
}

function receiptProof(): Proof {
  const ada = new TestNode('ada')
  const name = profile(ada)
  const receipt = ada.observe('report/a.json', { v: 1 }, { task: 'pilot' })
  const genesis = ada.sign({
    kind: 'network/genesis',
    subject: 'network',
    task: null,
    anchor: null,
    body: { name: 'Pilot' },
  })
  return proofOf([included('receipt', ada, receipt), included('network', ada, genesis), included('name', ada, name)])
}

function conflictProof(decisionsNeeded = 2): Proof {
  const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
  const anchor = { hash: `sha256:${'7'.repeat(64)}`, time: '2026-11-21T12:00:00.000Z' } as never
  const members = [
    ada.observe('a\u202e.json', { text: '</main><b>' }, { anchor }),
    ben.observe('a\u202e.json', { origin: 'node-b', text: '\ud83d\ude02' }),
  ]
  return proofOf(
    members.map((one) => bare('member', one)),
    conflictOf('hash-mismatch', members),
    { status: 'open', decisionsNeeded },
  )
}

/** What stands on the page, without its style, data and verifier. */
const shown = (page: FakePage) => page.querySelector('main')?.textContent ?? ''
const texts = (page: FakePage, name: string) => page.querySelectorAll(name).map(({ textContent }) => textContent)

test('a page whose proof holds says in its title and heading what it proves, and shows every check', async () => {
  const { page } = await openPage(proofPage(receiptProof()))
  const sentence =
    'ada signed on 2026-11-21 12:00:02 UTC, as receipt #2 of its feed, what it saw at report/a.json (task pilot).'
  expect(page.title).toBe(`Holds: ${sentence}`)
  expect(texts(page, 'h1')).toEqual([sentence])
  expect(shown(page)).toContain('All 17 checks hold')
  expect(shown(page)).toContain('Network: Pilot.')
  expect(shown(page)).toContain('Where the names come from')
  expect(texts(page, 'summary')).toContain('The canonical line, exactly as signed')
  expect(texts(page, 'dd')).toContain('pilot')
  expect(shown(page)).not.toContain('How it stands now')
})

test('a conflict is shown with all members, what could not be checked, and what nobody signed', async () => {
  const { page } = await openPage(proofPage(conflictProof()))
  expect(page.title).toMatch(/^Holds: /)
  expect(shown(page)).toContain('4 more could not be made, since nothing here could show it')
  expect(shown(page)).toContain('node-b (imported by z6Mk')
  expect(shown(page)).toContain('the network asks for 2 agreeing stewards.')
  expect(shown(page)).not.toContain('Where the names come from')
  // What would turn the text round is written out.
  expect(texts(page, 'span')).toContain('U+202E')
  expect(shown(page)).not.toContain('\u202e')
  const one = await openPage(proofPage(conflictProof(1)))
  expect(shown(one.page)).toContain('the network asks for 1 agreeing steward.')
})

test('its data is saved as the file that its commands are written for, and on paper everything is open', async () => {
  const proof = receiptProof()
  const { page, print } = await openPage(proofPage(proof))
  page.querySelector('button')?.click()
  const [saved] = page.downloads
  expect(saved?.download).toBe('proof.json')
  expect(await resolveObjectURL(saved?.href ?? '')?.text()).toBe(proofText(proof))
  expect(texts(page, 'pre').join('\n')).toContain(' proof.json')

  expect(page.querySelectorAll('details').some(({ open }) => open)).toBe(false)
  print()
  expect(page.querySelectorAll('details').every(({ open }) => open)).toBe(true)
})

test.each([
  [
    'a member',
    (text: string) => text.replace('\\"v\\":1', '\\"v\\":2'),
    /receipt #2 · Signature: The signature does not hold/,
  ],
  ['the network’s name', (text: string) => text.replace('Pilot', 'Pirat'), /receipt #3 · Signature: /],
  [
    'a line into nothing',
    (text: string) => text.replace('\\"seq\\":2', '\\"seq\\":x'),
    /sha256:\w+ · Canonical form: /,
  ],
])('where %s was changed the page says what does not hold, and not what it would prove', async (_, change, told) => {
  const text = proofPage(receiptProof())
  const { page } = await openPage(change(text))
  expect(page.title).toBe('DOES NOT HOLD: Steward proof')
  expect(texts(page, 'h1')).toEqual(['This proof does not hold'])
  expect(texts(page, 'li').join('\n')).toMatch(told)
  expect(texts(page, 'li')).toContain('The seal of this page does not fit: bytes of the file were changed.')
  // What fails stands open.
  expect(page.querySelectorAll('details').some(({ open }) => open)).toBe(true)
})

const SEAL = 'The seal of this page does not fit: bytes of the file were changed.'
const FRAME = 'The frame of this page is not as it was written: bytes of the file were changed.'

test.each([
  ['the doctype', '<!doctype html>', '<!doctype htm>', [FRAME]],
  ['the character set', '<meta charset="utf-8">', '<meta charset="utf-7">', [FRAME]],
  ['the language', 'lang="en"', 'lang="fr"', [FRAME]],
  ['the title', '<title>Steward proof</title>', '<title>Checked: all well</title>', [FRAME]],
  ['the viewport', 'initial-scale=1"', 'initial-scale=9"', [FRAME]],
  ['the colours', 'content="light dark"', 'content="dark light"', [FRAME]],
  ['an attribute of the style', '<style>', '<style media="print">', [FRAME]],
  ['an attribute of the main part', '<main>', '<main hidden="">', [FRAME]],
  ['an attribute of the data', ' id="proof">', ' id="proof" class="x">', [FRAME]],
  ['an attribute of the script', '</script><script>', '</script><script defer="">', [FRAME]],
  ['text in the head', '<title>', 'All well<title>', [FRAME]],
  ['text in the body', '<main>', 'All well<main>', [FRAME]],
  ['text behind the page', '</html>\n', '</html>\nAll well', [FRAME]],
  ['the policy', "default-src 'none'", "default-src 'self'", [SEAL]],
  ['the style', 'main {', 'main  {', [SEAL]],
  ['the warning', 'This proof was not checked', 'This proof was checked', [SEAL]],
])('a page with another one of these does not hold: %s', async (_, from, to, faults) => {
  const text = proofPage(receiptProof())
  expect(text).toContain(from)
  const { page } = await openPage(text.replace(from, to))
  expect(page.title).toBe('DOES NOT HOLD: Steward proof')
  expect(texts(page, 'li').slice(0, faults.length)).toEqual(faults)
  expect(shown(page)).not.toContain('All 17 checks hold')
})

test.each([
  ['its data is cut off', (text: string) => text.replace(/,\s*"checksum[^<]*/, '')],
  ['it is empty', () => '<!doctype html>\n'],
])('where %s it is no proof, and what is shown is that', async (_, change) => {
  const { page } = await openPage(change(proofPage(receiptProof())))
  expect(shown(page)).toContain('This proof does not hold')
  expect(shown(page)).toContain('Its data is no proof in the form “steward-proof/2”.')
  expect(shown(page)).toContain(SEAL)
  expect(page.title).not.toMatch(/^Holds/)
})
