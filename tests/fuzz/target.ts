// What the fuzzer knows of a decoder: how to make input for it, and what must hold of whatever it answers.
import { isDeepStrictEqual } from 'node:util'
import { StewardError } from '#core/problem/index.ts'
import type { Random } from './random.ts'

export interface Target {
  readonly name: string
  /** Input of one case; a function of the random numbers alone. */
  make(random: Random): Uint8Array
  /**
   * Gives the bytes to the decoder and looks at its answer.
   * Throws where a promise is broken; what the decoder itself throws other than it documents is let through and is a finding as well.
   */
  check(bytes: Uint8Array): void | Promise<void>
  /** Prepares what cases share, such as a folder to write in. */
  open?(): void | Promise<void>
  close?(): void | Promise<void>
}

/** A promise that does not hold; the message says which. */
class Broken extends Error {
  override readonly name = 'Broken'
}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what)
}

export function mustEqual(found: unknown, wanted: unknown, what: string): void {
  if (!isDeepStrictEqual(found, wanted)) throw new Broken(what)
}

/** Runs what may refuse by throwing: a StewardError with all its sentences is an answer, anything else is let through. */
export function orRefusal<T>(decode: () => T): T | null {
  try {
    return decode()
  } catch (thrown) {
    if (!isSpoken(thrown)) throw thrown
    return null
  }
}

export async function orRefusalLater<T>(decode: () => Promise<T>): Promise<T | null> {
  try {
    return await decode()
  } catch (thrown) {
    if (!isSpoken(thrown)) throw thrown
    return null
  }
}

function isSpoken(thrown: unknown): thrown is StewardError {
  return (
    thrown instanceof StewardError &&
    [thrown.code, thrown.happened, thrown.kept, thrown.remedy].every((said) => said !== '')
  )
}
