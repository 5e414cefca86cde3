// What all procedures share: the contract's implementer, and how a StewardError crosses the boundary.
import { mapEventIterator } from '@orpc/client'
import { implement, ORPCError } from '@orpc/server'
import { contract } from '#core/contract/index.ts'
import { StewardError, problemFrom } from '#core/problem/index.ts'

/**
 * Every StewardError becomes PROBLEM with its four sentences, also where a stream ends with it. Anything else is a bug: the caller
 * learns that it happened, never a path or a stack (reliability L15); `onBug` is where the host writes it down.
 */
export function implementer(onBug: (thrown: unknown) => void) {
  const told = (thrown: unknown) => {
    // What the contract refuses about an input is the caller's to put right and names the field.
    if (thrown instanceof ORPCError && thrown.code !== 'INTERNAL_SERVER_ERROR') return thrown
    if (!(thrown instanceof StewardError)) onBug(thrown)
    return new ORPCError('PROBLEM', { status: 422, data: problemFrom(thrown), cause: thrown })
  }
  return implement(contract).use(async ({ next }) => {
    try {
      const answer = await next()
      if (!isStream(answer.output)) return answer
      const error = (thrown: unknown) => Promise.resolve(told(thrown))
      return { ...answer, output: mapEventIterator(answer.output, { value: (event) => Promise.resolve(event), error }) }
    } catch (thrown) {
      throw told(thrown)
    }
  })
}
export type Implementer = ReturnType<typeof implementer>

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}
