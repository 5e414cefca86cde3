// What all procedures share: the contract's implementer, and how a StewardError crosses the boundary.
import { implement, ORPCError } from '@orpc/server'
import { contract } from '#core/contract/index.ts'
import { StewardError, problemFrom } from '#core/problem/index.ts'

/**
 * Every StewardError becomes PROBLEM with its four sentences. Anything else is a bug: the caller learns that it happened,
 * never a path or a stack (reliability L15); `onBug` is where the host writes it down.
 */
export function implementer(onBug: (thrown: unknown) => void) {
  return implement(contract).use(async ({ next }) => {
    try {
      return await next()
    } catch (thrown) {
      // What the contract refuses about an input is the caller's to put right and names the field.
      if (thrown instanceof ORPCError && thrown.code !== 'INTERNAL_SERVER_ERROR') throw thrown
      if (!(thrown instanceof StewardError)) onBug(thrown)
      throw new ORPCError('PROBLEM', { status: 422, data: problemFrom(thrown), cause: thrown })
    }
  })
}
export type Implementer = ReturnType<typeof implementer>
