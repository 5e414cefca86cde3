// What a search of some length must have come across, or it shows less than it seems to: a path that is never seen is never tested.

/** Looked for once a search has played so many runs. */
const RUNS_TO_SEE_ALL = 12

const rarePaths: readonly string[] = [
  'crash',
  'clock-ahead',
  'clock-behind',
  'conflict-copy',
  'cut-off',
  'half-written',
  'hollow',
  'lost-on-the-way',
  'overtaken',
  'carried-twice',
  'read-error',
  'write-error',
  'stale-listing',
  'event-lost',
  'decides',
  'withdraws',
  'liar-forked',
  'liar-rubbish',
  'two-stories',
  'fork-shown',
]

export function neverSeen(runs: number, seen: Readonly<Record<string, number>>): readonly string[] {
  return runs < RUNS_TO_SEE_ALL ? [] : rarePaths.filter((path) => seen[path] === undefined)
}
