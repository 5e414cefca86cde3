// The order in which nodes are named, how often, and what was written when: none of it shows in a single byte.
import fc from 'fast-check'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Directories, feedReceipt } from '../../kit/directories.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const LABELS = ['ada', 'ben', 'cleo', 'dora'] as const
const PATHS = [
  '_report/a.json',
  '_report/a/b.json',
  '_report/a-b.json',
  '_report/é/x.json',
  '_report/😀.json',
  '_plans/p.plan.json',
]
const CONTENTS = [
  '{"n": 1}',
  '{"n":1}',
  '{"n": 1.0}',
  '{"generated_at": "2026-02-01T00:00:00Z"}',
  '{"generated_at": "2026-02-20T00:00:00Z"}',
  '{"plan_id": "p", "steps": [{"id": "S1", "receipts": ["_report/a.json"]}]}',
  '{"broken": ',
]

const written = fc.array(
  fc.record({
    label: fc.constantFrom(...LABELS),
    path: fc.constantFrom(...PATHS),
    content: fc.oneof(fc.constantFrom(...CONTENTS), fc.constant('signed')),
  }),
  { minLength: 1, maxLength: 24 },
)
const chains = fc.array(fc.constantFrom(['first'], ['first', 'second'], ['first', 'other']), {
  minLength: LABELS.length,
  maxLength: LABELS.length,
})

test('order, repetition and file times do not show', () =>
  fc.assert(
    fc.asyncProperty(
      written,
      chains,
      fc.shuffledSubarray([...LABELS], { minLength: LABELS.length }),
      async (files, anchors, order) => {
        using place = new Directories()
        // One content for each place: the last one that was drawn.
        const last = new Map(files.map((file) => [`${file.label} ${file.path}`, file]))
        const put = (all: Iterable<(typeof files)[number]>) => {
          for (const { label, path, content } of all)
            place.write(label, path, content === 'signed' ? feedReceipt(place.key, { value: 2.5 }) : content)
        }
        for (const [at, label] of LABELS.entries()) {
          place.found(label, anchors[at])
          place.write(label, '_report/common.json', '{}')
        }
        put(last.values())
        const options = { expect: ['_report/a*'], freshness: [{ pattern: '_report/*', limitMs: 86_400_000 }] }
        const first = await place.merge({ labels: LABELS, ...options })
        put([...last.values()].toReversed())
        for (const { label, path } of last.values()) utimesSync(join(place.node(label), path), 1, 1)
        const second = await place.merge({ labels: [...order, ...order], ...options })
        expect(second.files).toEqual(first.files)
      },
    ),
    { numRuns: propertyRuns({ usual: 25, ci: 50 }) },
  ))
