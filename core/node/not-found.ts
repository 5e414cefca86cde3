import { StewardError } from '#core/problem/index.ts'

/** @throws StewardError NOT_FOUND, always. */
export function notFound(what: string, id: string): never {
  throw new StewardError({
    code: 'NOT_FOUND',
    happened: `There is no ${what} ${id} here.`,
    kept: 'Nothing was changed.',
    remedy: `Check the id; a ${what} of another node appears here once its feed was merged.`,
  })
}
