// How often a property is tried.

/** What `npm run properties -- --runs N` asks for. */
const asked = process.env['STEWARD_PROPERTY_RUNS']

/**
 * `usual`: what a change affords; `npm run properties` asks for as many as it likes, and for `times` as many of what is one of the
 * promises that everything else stands on (I1, I2).
 */
export function propertyRuns(usual: number, times = 1): number {
  return asked === undefined ? usual : Number(asked) * times
}
