// What a search of some length must have come across, or it shows less than it seems to: a path that is never seen is never tested.
// How long that takes follows from how often plans are drawn with it: less than one search in a thousand should miss it by chance.

interface Required {
  /** Looked for once a search has played so many virtual hours. */
  readonly afterHours: number
  /** One of these is enough. */
  readonly oneOf: readonly string[]
}

/** What a few runs always have; CI's three minutes play some fifty hours. */
const always: readonly Required[] = [
  ['examined'],
  ['overtaken'],
  ['conflict-copy'],
  ['observes', 'sets-anchor', 'decides'],
  ['half-written', 'hollow', 'placeholder', 'lost-on-the-way', 'carried-twice', 'cut-off'],
  ['power-cut', 'clock-ahead', 'clock-behind', 'read-error', 'write-error', 'stale-listing', 'event-lost'],
  ['liar-forked', 'liar-rubbish', 'liar-withheld', 'liar-replayed', 'bit-rot', 'foreign-bytes'],
].map((oneOf) => ({ afterHours: 40, oneOf }))

const rarePaths: readonly Required[] = [
  ...always,
  ...after(150, ['power-cut', 'cut-off', 'half-written', 'hollow', 'lost-on-the-way', 'carried-twice', 'decides']),
  ...after(300, [
    'clock-ahead',
    'clock-behind',
    'placeholder',
    'read-error',
    'write-error',
    'stale-listing',
    'event-lost',
    'withdraws',
    'bit-rot',
    'liar-forked',
    'liar-rubbish',
    'liar-withheld',
    'liar-replayed',
    'two-stories',
    'fork-shown',
    'liar-recruited',
    'liar-lied-of-seen',
    'liar-lied-of-state',
    'liar-said-old-again',
  ]),
  { afterHours: 600, oneOf: ['flood-of-stories', 'flood-of-waiting', 'flood-of-askers', 'flood-of-folders'] },
  ...after(600, ['ring-of-half', 'ledger-full', 'ledger-write-error', 'ledger-read-error', 'slow-folder']),
  ...after(600, ['power-cut at statement', 'power-cut at before-commit', 'power-cut at after-commit']),
  ...after(600, ['power-cut at home', 'power-cut at keychain', 'power-cut at timer']),
  ...after(300, [
    'bundle-done',
    'bundle-whole',
    'bundle-some',
    'bundle-to-cut-off',
    'bundle-of-a-liar',
    'replay-of-known',
  ]),
  ...after(600, [
    'rolled-back',
    'ledger-from-old-copy',
    'ledger-from-old-copy-unplugged',
    'key-in-two-places',
    'gone-for-good',
    'bundle-twice',
    'bundle-after-rollback',
  ]),
  ...after(1_000, ['exchange-deleted', 'node-deleted-everywhere', 'rolled-back-far']),
  // Two stewards who decide differently about one fork: a night's search.
  ...after(2_000, ['fork-disputed', 'flood-of-stories', 'flood-of-waiting', 'flood-of-askers', 'flood-of-folders']),
]

function after(afterHours: number, paths: readonly string[]): readonly Required[] {
  return paths.map((path) => ({ afterHours, oneOf: [path] }))
}

export function neverSeen(virtualHours: number, seen: Readonly<Record<string, number>>): readonly string[] {
  return rarePaths
    .filter(({ afterHours, oneOf }) => virtualHours >= afterHours && !oneOf.some((path) => seen[path] !== undefined))
    .map(({ oneOf }) => oneOf.join(' or '))
}
