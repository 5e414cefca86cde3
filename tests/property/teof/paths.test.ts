// Times, patterns, paths, labels and chains: what must hold for all of them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareAnchors,
  newestAnchor,
  parseAnchors,
  parseTeofTime,
  pathPattern,
  pathWithin,
  uniqueLabels,
} from '#core/teof/index.ts'
import type { AnchorsFile } from '#core/teof/index.ts'
import { bytesOf } from '#tests/unit/teof/corpus.ts'

const RUNS = { numRuns: 1_000 }

test('a time that is read exists, and reads as itself', () => {
  const almost = fc
    .tuple(fc.date({ noInvalidDate: true }), fc.nat(), fc.string({ maxLength: 2 }))
    .map(([date, at, put]) => {
      const text = date.toISOString()
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place)
    })
  fc.assert(
    fc.property(fc.oneof(almost, fc.string()), (text) => {
      const instant = parseTeofTime(text)?.instant ?? null
      expect(instant === null || new Date(instant).toISOString() === instant).toBe(true)
    }),
    RUNS,
  )
})

test('patterns answer as regular expressions would', () => {
  const pattern = fc.string({
    unit: fc.constantFrom('*', '?', '[', ']', '!', '-', 'a', 'b', '/', '**/'),
    maxLength: 10,
  })
  const path = fc.string({ unit: fc.constantFrom('a', 'b', '/', ']', '-'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, path, (written, given) => {
      expect(pathPattern(written)(given)).toBe(naive(written).test(given))
    }),
    { numRuns: 3_000 },
  )
})

test('no path leads out of its directory', () => {
  const written = fc.string({ unit: fc.constantFrom('..', '.', '/', 'x', '\\', ':') })
  fc.assert(
    fc.property(fc.constantFrom('', 'a', 'a/b'), written, (from, text) => {
      const parts = pathWithin(from, text)?.split('/') ?? []
      expect(parts.every((part) => !['', '.', '..'].includes(part))).toBe(true)
    }),
    RUNS,
  )
})

test('labels are never equal, not even where case is not told apart, and do not depend on order', () => {
  const label = fc.oneof(fc.constantFrom('n', 'N', 'n (2)', ''), fc.string())
  fc.assert(
    fc.property(fc.array(fc.record({ label, place: fc.string({ maxLength: 3 }) }), { maxLength: 8 }), (wanted) => {
      const given = uniqueLabels(wanted)
      expect(new Set(given.map((one) => one.toLowerCase())).size).toBe(wanted.length)
      expect(uniqueLabels(wanted.toReversed()).toSorted()).toEqual(given.toSorted())
    }),
    RUNS,
  )
})

test('one chain extends another exactly where the other is its beginning, and the newest does not depend on order', () => {
  const notes = fc.array(fc.constantFrom('a', 'b'), { maxLength: 4 })
  fc.assert(
    fc.property(notes, notes, notes, (first, second, third) => {
      const [a, b, c] = [anchorsWith(first), anchorsWith(second), anchorsWith(third)]
      const { relation } = compareAnchors(a, b)
      expect(relation === 'same' || relation === 'extended-by').toBe(isBeginning(first, second))
      expect(relation === 'same' || relation === 'extends').toBe(isBeginning(second, first))
      const labelled = Object.entries({ a, b, c })
      expect(newestAnchor(new Map(labelled.toReversed()))).toEqual(newestAnchor(new Map(labelled)))
    }),
    RUNS,
  )
})

function anchorsWith(notes: readonly string[]): AnchorsFile {
  const parsed = parseAnchors(bytesOf(JSON.stringify({ events: notes.map((note) => ({ note })) })))
  if (!parsed.ok) throw new Error(parsed.finding.happened)
  return parsed.anchors
}

function isBeginning(some: readonly string[], of: readonly string[]): boolean {
  return some.every((note, index) => of[index] === note)
}

/** The same pattern as a regular expression: right, but without a bound on time. */
function naive(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const rest = pattern.slice(at)
    const folders = (at === 0 || pattern[at - 1] === '/') && rest.startsWith('**/')
    const group = /^\[(?:![^]|[^!])[^\]]*\]/.exec(rest)
    if (folders) {
      source += '(?:.*/)?'
      at += 2
    } else if (pattern[at] === '*') source += '.*'
    else if (pattern[at] === '?') source += '.'
    else if (group !== null) {
      const inside = group[0].slice(1, -1)
      source += classSource(inside.startsWith('!') ? inside.slice(1) : inside, inside.startsWith('!'))
      at += group[0].length - 1
    } else source += pattern[at]!.replace(/[[\]!/-]/, '\\$&')
  }
  return new RegExp(`^${source}$`, 's')
}

function classSource(inside: string, negated: boolean): string {
  const ranges: string[] = []
  for (let at = 0; at < inside.length; at++) {
    const isRange = inside[at + 1] === '-' && at + 2 < inside.length
    const [from, to] = [inside[at]!, isRange ? inside[at + 2]! : inside[at]!]
    if (from <= to) ranges.push(`\\${from}-\\${to}`.replaceAll(/\\([ab])/g, '$1'))
    if (isRange) at += 2
  }
  return ranges.length === 0 ? (negated ? '.' : '(?!)') : `[${negated ? '^' : ''}${ranges.join('')}]`
}
