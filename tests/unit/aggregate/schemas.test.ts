import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { publishedSchemas } from '../../../core/aggregate/published-schemas.ts'
import { Directories, feedReceipt, FIXTURES, mergeInto, type Merged } from '../../kit/directories.ts'

const FOLDER = join(import.meta.dirname, '../../../core/aggregate/schemas')

test('the published schemas are those of the program', () => {
  for (const [name, text] of publishedSchemas()) {
    // Where this fails: node build/report-schemas.ts
    expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
  }
})

/** What is wrong with each file by its schema, as another program reads it. */
function faultsOf({ files }: Merged): readonly unknown[] {
  return ['ledger', 'conflicts', 'summary'].flatMap((name) => {
    const ajv = new Ajv2020({ allErrors: true, strict: true, validateFormats: false })
    const schema: unknown = JSON.parse(readFileSync(join(FOLDER, `${name}.schema.json`), 'utf8'))
    const validate = ajv.compile(schema as object)
    const file: unknown = JSON.parse(files[`${name}.json`] ?? '')
    validate(file)
    const faults = validate.errors ?? []
    // And it is no schema that everything fits.
    const strange = validate({ ...(file as object), format: 'something else' })
    return strange ? [...faults, `${name}.schema.json takes any format`] : faults
  })
}

test('what is written about nodes that disagree in every way fits the published schemas', async () => {
  using place = new Directories()
  place.found('ada', ['first', 'second'])
  place.found('ben')
  place.write('ada', '_report/a.json', feedReceipt(place.key, { value: 1 }))
  place.write('ben', '_report/a.json', feedReceipt(place.key, { value: 1 }).replace('"level"', '"depth"'))
  place.write('cleo', '_report/a.json', '{"a":')
  place.write('cleo', '_report/b.json', '{"generated_at": "2027-01-01T00:00:00Z"}')
  place.write('ben', '_report/b.json', '{"generated_at": "2020-01-01T00:00:00Z"}')
  place.write('ada', '_plans/p.plan.json', '{"plan_id": "p", "steps": [{"id": "S1", "receipts": ["_report/a.json"]}]}')
  const told = await place.merge({ expect: ['_report/*', 'never'], freshness: [{ pattern: '*', limitMs: 3_600_000 }] })
  expect(told.conflicts.length).toBeGreaterThan(1)
  expect(faultsOf(told)).toEqual([])
  expect(faultsOf(await place.merge({ signatures: 'skipped' }))).toEqual([])
  expect(faultsOf(await place.merge({ signatures: 'required', include: ['_report/*'] }))).toEqual([])
})

test('what is written about the real node directories fits the published schemas', async () => {
  using place = new Directories()
  const nodes = ['node-a', 'node-b', 'node-c'].map((label) => ({ label, folder: join(FIXTURES, label) }))
  expect(faultsOf(await mergeInto(join(place.folder, 'out'), { nodes }))).toEqual([])
})
