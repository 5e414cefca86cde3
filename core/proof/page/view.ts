// The page as a person reads it: the sentence first, then every check with its values, then what it cannot show, then how to check
// it without trusting this page.
import type { CheckedProof } from '../check-proof.ts'
import type { CheckedReceipt, ProofCheck } from '../check-receipt.ts'
import { originOf, utcWords } from '../names.ts'
import { proofText, type Proof, type Role } from '../proof.ts'
import { icon, shown, tag } from './dom.ts'

export interface PageFacts {
  /** What is not as it was exported about the page itself. */
  readonly faults: readonly string[]
  /** Hash of the script that runs, the same in every page of one version. */
  readonly verifier: string
}

/** A page whose data cannot even be read. */
export function showBroken(faults: readonly string[]): HTMLElement {
  return tag(
    'div',
    { class: 'verdict', 'data-state': 'fails' },
    tag('h1', {}, icon('fails'), 'This proof does not hold'),
    ...faults.map((fault) => tag('p', {}, fault)),
    tag('p', {}, 'Do not rely on it; ask for it again.'),
  )
}

export function showProof(proof: Proof, checked: CheckedProof, own: PageFacts): DocumentFragment {
  const page = document.createDocumentFragment()
  const holds = checked.holds && own.faults.length === 0
  page.append(
    top(proof),
    holds ? holding(checked) : failing(checked, own),
    wholeChecks(checked),
    ...checked.receipts.filter((receipt) => !isContext(receipt)).map((receipt) => receiptCard(receipt, checked)),
    ...[contextCard(checked)].filter((card) => card !== null),
    limitsCard(proof),
    byHandCard(proof),
    tag('footer', {}, `${proof.format} · verifier `, tag('code', {}, own.verifier)),
  )
  return page
}

function top(proof: Proof): HTMLElement {
  return tag(
    'header',
    {},
    tag('span', { class: 'brand' }, icon('shield'), 'Steward'),
    tag('span', { class: 'quiet' }, 'Proof, exported ', shown(utcWords(proof.made))),
  )
}

function holding({ sentence, beside, checks, receipts }: CheckedProof): HTMLElement {
  const all = [...checks, ...receipts.flatMap((receipt) => receipt.checks)]
  const held = all.filter(({ state }) => state === 'holds').length
  const absent = all.length - held
  return tag(
    'section',
    { class: 'verdict', 'data-state': 'holds' },
    tag('p', { class: 'badge' }, icon('holds'), `All ${held} checks hold`),
    tag('h1', {}, shown(sentence)),
    ...beside.map((text) => tag('p', { class: 'beside' }, shown(text))),
    tag(
      'p',
      { class: 'quiet' },
      'Checked just now by your browser from what this file holds, without any network.',
      absent === 0 ? '' : ` ${absent} more could not be made, since nothing here could show it; they are marked below.`,
    ),
  )
}

function failing({ checks, receipts, names }: CheckedProof, { faults }: PageFacts): HTMLElement {
  const failed = [
    ...faults,
    ...checks.filter(({ state }) => state === 'fails').map(({ name, detail }) => `${name}: ${detail}`),
    ...receipts.flatMap((receipt) =>
      receipt.checks
        .filter(({ state }) => state === 'fails')
        .map(({ name, detail }) => `${receiptTitle(receipt, names)} · ${name}: ${detail}`),
    ),
  ]
  return tag(
    'section',
    { class: 'verdict', 'data-state': 'fails', role: 'alert' },
    tag('p', { class: 'badge' }, icon('fails'), 'Do not rely on this file'),
    tag('h1', {}, 'This proof does not hold'),
    tag('ul', {}, ...failed.map((text) => tag('li', {}, shown(text)))),
    tag(
      'p',
      { class: 'quiet' },
      'It was changed or damaged after it was made. Ask whoever gave it to you to export it again.',
    ),
  )
}

function wholeChecks({ checks }: CheckedProof): HTMLElement {
  return tag('section', { class: 'card' }, tag('h2', {}, 'The proof as a whole'), ...checks.map(checkRow))
}

function receiptCard(receipt: CheckedReceipt, { names }: CheckedProof): HTMLElement {
  const said = receipt.receipt
  return tag(
    'section',
    { class: 'card', 'data-state': stateOf(receipt), 'data-role': receipt.role },
    tag('p', { class: 'role' }, ROLE_WORDS[receipt.role]),
    tag('h2', {}, shown(receiptTitle(receipt, names))),
    said === null
      ? null
      : facts([
          ['About', said.subject],
          ...(said.task === null ? [] : [['Task', said.task] as const]),
          ['Kind', said.kind],
          ['Signed', utcWords(said.time)],
          ['Node', said.node],
          ...(said.anchor === null ? [] : [['Anchor', said.anchor.hash] as const]),
        ]),
    said === null ? null : tag('pre', { class: 'says', tabindex: '0' }, shown(JSON.stringify(said.body, null, 2))),
    ...receipt.checks.map(checkRow),
    tag(
      'details',
      {},
      tag('summary', {}, 'The canonical line, exactly as signed'),
      tag('pre', {}, shown(receipt.line)),
    ),
  )
}

/** Receipts that only say what nodes and network are called. */
function isContext({ role }: CheckedReceipt): boolean {
  return role === 'name' || role === 'network'
}

function contextCard(checked: CheckedProof): HTMLElement | null {
  const context = checked.receipts.filter(isContext)
  if (context.length === 0) return null
  return tag(
    'section',
    { class: 'card' },
    tag('h2', {}, 'Where the names come from'),
    tag(
      'p',
      { class: 'quiet' },
      'Names are what nodes call themselves. These receipts say so; they are checked like the others.',
    ),
    ...context.map((receipt) => {
      const state = stateOf(receipt)
      return tag(
        'details',
        state === 'fails' ? { class: 'check', 'data-state': state, open: '' } : { class: 'check', 'data-state': state },
        tag(
          'summary',
          {},
          icon(state),
          tag('b', {}, receipt.role === 'network' ? 'The network' : 'A node'),
          shown(receiptTitle(receipt, checked.names)),
        ),
        receiptCard(receipt, checked),
      )
    }),
  )
}

function stateOf({ checks }: CheckedReceipt): 'holds' | 'fails' {
  return checks.some(({ state }) => state === 'fails') ? 'fails' : 'holds'
}

function receiptTitle({ receipt, id }: CheckedReceipt, names: CheckedProof['names']): string {
  if (receipt === null) return id
  const origin = originOf(receipt)
  const who = origin === null ? names.of(receipt.node) : `${origin} (imported by ${names.of(receipt.node)})`
  return `${who}, receipt #${receipt.seq}`
}

function checkRow({ name, state, detail, values }: ProofCheck): HTMLElement {
  const line = [icon(state), tag('b', {}, name), tag('span', {}, shown(detail))]
  if (values.length === 0) return tag('div', { class: 'check', 'data-state': state }, ...line)
  return tag(
    'details',
    state === 'fails' ? { class: 'check', 'data-state': state, open: '' } : { class: 'check', 'data-state': state },
    tag('summary', {}, ...line),
    facts(values.map(({ label, value }) => [label, value])),
  )
}

function facts(rows: readonly (readonly [string, string])[]): HTMLElement {
  return tag('dl', {}, ...rows.flatMap(([label, value]) => [tag('dt', {}, shown(label)), tag('dd', {}, shown(value))]))
}

function limitsCard({ conflict, stated }: Proof): HTMLElement {
  const lines = [
    'That nothing else was signed, elsewhere or later. A proof shows what is in it.',
    'That what was signed is true. It shows who said it, and that nobody changed it since.',
    'Who a node is in life. A name is what a node calls itself; the id is the key, and its words can be compared by phone.',
    ...(conflict === null || stated === null
      ? []
      : [
          `How it stands now. Whoever exported this says, without signing it: ${stated.status}; the network asks for ${stated.decisionsNeeded} agreeing ${stated.decisionsNeeded === 1 ? 'steward' : 'stewards'}.`,
        ]),
  ]
  return tag(
    'section',
    { class: 'card' },
    tag('h2', {}, 'What this cannot show'),
    tag('ul', {}, ...lines.map((line) => tag('li', {}, shown(line)))),
  )
}

function byHandCard(proof: Proof): HTMLElement {
  const save = tag('button', { type: 'button' }, 'Save the data as JSON')
  save.addEventListener('click', () => saveData(proof))
  return tag(
    'section',
    { class: 'card' },
    tag('h2', {}, 'Check it without this page'),
    tag(
      'p',
      {},
      'Whoever could change this file could have changed its verifier too. These commands use nothing of it: save the data, and run them beside it.',
    ),
    tag('p', { class: 'save' }, save),
    tag(
      'ol',
      {},
      ...proof.byHand.map(({ what, command }) =>
        tag('li', {}, shown(`${what}:`), tag('pre', { tabindex: '0' }, shown(command))),
      ),
    ),
  )
}

function saveData(proof: Proof): void {
  const link = tag('a', {
    href: URL.createObjectURL(new Blob([proofText(proof)], { type: 'application/json' })),
    download: DATA_NAME,
  })
  link.click()
}

/** The name that the commands are written for. */
const DATA_NAME = 'proof.json'

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  receipt: 'The receipt',
  member: 'Member of the conflict',
  decision: 'Decision',
  withdrawal: 'Withdrawal of a decision',
  name: 'What a node calls itself',
  network: 'How the network began',
}
