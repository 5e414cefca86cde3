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

/** As JSON tells apart: it prints -0 as 0. */
export function mustEqual(found: unknown, wanted: unknown, what: string): void {
  if (!isDeepStrictEqual(withoutMinusZero(found), withoutMinusZero(wanted))) throw new Broken(what)
}

function withoutMinusZero(value: unknown): unknown {
  if (value === 0) return 0
  if (Array.isArray(value)) return value.map(withoutMinusZero)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMinusZero(member)]))
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
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
