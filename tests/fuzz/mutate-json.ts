// JSON that is changed as a tree and printed again: what is wrong with it lies deep inside, where a flipped byte never gets. The tree
// keeps what JSON.parse would lose: members that stand twice, their order, numbers as they were written.
import type { Random } from './random.ts'

export type Tree =
  | { readonly is: 'object'; readonly members: readonly (readonly [string, Tree])[] }
  | { readonly is: 'list'; readonly items: readonly Tree[] }
  /** Printed as it stands, whatever it is. */
  | { readonly is: 'text'; readonly text: string }

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { is: 'list', items: value.map(treeOf) }
  if (typeof value === 'object' && value !== null)
    return { is: 'object', members: Object.entries(value).map(([key, member]) => [key, treeOf(member)] as const) }
  return { is: 'text', text: JSON.stringify(value) }
}

/** Members sorted as RFC 8785 asks, nothing between them. */
export function canonicalText(tree: Tree): string {
  switch (tree.is) {
    case 'object': {
      const sorted = tree.members.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(',')}}`
    }
    case 'list':
      return `[${tree.items.map(canonicalText).join(',')}]`
    case 'text':
      return tree.text
  }
}

/** In the order of the tree, with blanks of any kind between. */
export function looseText(random: Random, tree: Tree): string {
  const gap = random.pick(['', ' ', '\n', '\r\n', '\t', '  '])
  const print = (each: Tree): string => {
    if (each.is === 'text') return each.text
    if (each.is === 'list') return `[${each.items.map((item) => gap + print(item)).join(',')}${gap}]`
    return `{${each.members.map(([key, member]) => `${gap}${JSON.stringify(key)}:${gap}${print(member)}`).join(',')}${gap}}`
  }
  return gap + print(tree) + gap
}

/** The tree with one to three changes. `others` are trees that a piece may be taken from. */
export function mutateTree(random: Random, tree: Tree, others: readonly Tree[] = [tree]): Tree {
  let changed = tree
  for (let change = random.below(3); change >= 0; change--) changed = changedOnce(random, changed, others)
  return changed
}

function changedOnce(random: Random, tree: Tree, others: readonly Tree[]): Tree {
  if (tree.is === 'text' || random.oneIn(6)) return changedHere(random, tree, others)
  if (tree.is === 'list') {
    if (tree.items.length === 0) return changedHere(random, tree, others)
    const at = random.below(tree.items.length)
    return {
      ...tree,
      items: tree.items.map((item, index) => (index === at ? changedOnce(random, item, others) : item)),
    }
  }
  if (tree.members.length === 0) return changedHere(random, tree, others)
  const at = random.below(tree.members.length)
  return {
    ...tree,
    members: tree.members.map(([key, member], index) => [
      key,
      index === at ? changedOnce(random, member, others) : member,
    ]),
  }
}

function changedHere(random: Random, tree: Tree, others: readonly Tree[]): Tree {
  if (random.oneIn(5)) return somePart(random, random.pick(others))
  if (random.oneIn(12)) return nested(random, tree)
  if (tree.is === 'text') return { is: 'text', text: changedScalar(random, tree.text) }
  if (tree.is === 'list') return { is: 'list', items: changedList(random, tree.items, (item) => item, sizeOf) }
  return { is: 'object', members: changedMembers(random, tree.members) }
}

function changedMembers(
  random: Random,
  members: readonly (readonly [string, Tree])[],
): readonly (readonly [string, Tree])[] {
  const at = random.below(members.length)
  const chosen = members[at]
  if (chosen === undefined || random.oneIn(3)) {
    const key = random.oneIn(2) ? random.pick(KEYS) : random.pick(TEXTS)
    return [...members, [key, { is: 'text', text: random.pick(SCALARS) }]]
  }
  const renamed: readonly [string, Tree] = [random.pick(KEYS), chosen[1]]
  if (random.oneIn(3)) return members.map((member, index) => (index === at ? renamed : member))
  return changedList(
    random,
    members,
    (member) => [random.pick(KEYS), member[1]],
    ([key, member]) => key.length + sizeOf(member),
  )
}

function changedList<T>(
  random: Random,
  items: readonly T[],
  other: (item: T) => T,
  size: (item: T) => number,
): readonly T[] {
  const at = random.below(items.length)
  const chosen = items[at]
  if (chosen === undefined) return items
  switch (random.below(6)) {
    case 0:
      return items.toSpliced(at, 1)
    case 1:
      return items.toSpliced(random.below(items.length), 0, chosen)
    case 2:
      return items.toReversed()
    case 3:
      return items.toSpliced(at, 0, other(chosen))
    case 4:
      // Beyond every count that is limited.
      return Array.from(
        { length: Math.min(random.pick([17, 65, 1024, 1025, 10_001]), timesOf(size(chosen))) },
        () => chosen,
      )
    default:
      return []
  }
}

/** What is repeated is repeated again by the next change. Inputs beyond what a decoder takes are made by `blownUp`, to its own measure. */
const MOST_LETTERS = 2 * 1024 * 1024

function timesOf(letters: number): number {
  return Math.max(1, Math.floor(MOST_LETTERS / (letters + 1)))
}

const sizes = new WeakMap<Tree, number>()

/** Letters when it is printed, about. Equal parts are often one object, so each is measured once. */
function sizeOf(tree: Tree): number {
  const known = sizes.get(tree)
  if (known !== undefined) return known
  const size =
    tree.is === 'text'
      ? tree.text.length
      : tree.is === 'list'
        ? tree.items.reduce((sum, item) => sum + sizeOf(item) + 1, 2)
        : tree.members.reduce((sum, [key, member]) => sum + key.length + sizeOf(member) + 4, 2)
  sizes.set(tree, size)
  return size
}

function nested(random: Random, tree: Tree): Tree {
  const depth = random.pick([1, 30, 31, 32, 33, 34, 63, 64, 65, 100, 101, 1_000, 20_000])
  const open = random.oneIn(2) ? '[' : '{"a":'
  const close = open === '[' ? ']' : '}'
  return { is: 'text', text: open.repeat(depth) + canonicalText(tree) + close.repeat(depth) }
}

function somePart(random: Random, tree: Tree): Tree {
  const parts = tree.is === 'list' ? tree.items : tree.is === 'object' ? tree.members.map(([, member]) => member) : []
  return parts.length === 0 || random.oneIn(3) ? tree : somePart(random, random.pick(parts))
}

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  'then',
  'toJSON',
  '',
  'a',
  'A',
  '0',
  '-1',
  'sig',
  'body',
  'hash',
  'content',
  'canonical',
  'origin',
  'round',
  'é',
  'e\u0301',
  '\u202e',
  '\u0000',
  '\ud83d\ude02',
  '\ue000',
  'x'.repeat(256),
  'x'.repeat(257),
]

const SCALARS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1',
  '2',
  '0.1',
  '1.0',
  '1e0',
  '1E+2',
  '1e400',
  '1e-400',
  '5e-324',
  '1e21',
  '1e-7',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '123456789012345678901234567890',
  '4294967295',
  '4294967296',
  '2147483648',
  '""',
  '"a"',
  '{}',
  '[]',
  '"__proto__"',
  'NaN',
  'Infinity',
  'undefined',
  "'a'",
  '01',
]

/** Printed, with its quotation marks. */
function hostileString(random: Random): string {
  return random.pick(STRINGS)
}

const TEXTS = [
  '',
  ' ',
  'a',
  '=1+1',
  '@SUM(A1)',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '../../etc/passwd',
  'C:\\x',
  'CON',
  'é',
  'e\u0301',
  '\u202egnp.exe',
  '\u2066a\u2069',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\ud83d\ude02',
  '\u0000',
  '\u001b[31m',
  '\u0085',
  '\n',
  '0000-01-01T00:00:00.000Z',
  '1970-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '2026-02-30T12:00:00.000Z',
  '2016-12-31T23:59:60.000Z',
  '2026-11-21T24:00:00.000Z',
  '2026-11-21T12:00:00Z',
  '+010000-01-01T00:00:00.000Z',
  `sha256:${'0'.repeat(64)}`,
  `sha256:${'F'.repeat(64)}`,
  `did:key:z6Mk${'1'.repeat(44)}`,
  `did:key:z6Mk${'z'.repeat(44)}`,
  'did:web:x',
  'x'.repeat(1024),
  'x'.repeat(1025),
  'ü'.repeat(600),
  'x'.repeat(70_000),
  'A'.repeat(86),
  `${'A'.repeat(85)}B`,
  '*',
  '**/*',
  '(a+)+$',
]

const STRINGS = TEXTS.map((text) => JSON.stringify(text)).concat([
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0041"',
  '"\\/"',
  '"\\x"',
  '"a',
  '"\\u00"',
  '"\u0001"',
])

function changedScalar(random: Random, text: string): string {
  if (random.oneIn(3)) return random.pick(SCALARS)
  if (!text.startsWith('"') || random.oneIn(2)) return hostileString(random)
  // Near what it was: one letter more, less or other.
  const at = 1 + random.below(Math.max(1, text.length - 2))
  const letter = random.pick(['a', 'A', '0', 'f', 'z', '/', '.', 'ü', '-', ' '])
  return random.pick([
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + letter + text.slice(at),
    text.slice(0, at) + letter + text.slice(at + 1),
  ])
}
