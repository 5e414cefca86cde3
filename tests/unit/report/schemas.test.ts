import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { publishedSchemas } from '#core/report/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { reportOf } from '#tests/kit/report.ts'
import { allSigned, foundNetwork, World } from '#tests/kit/world.ts'

const FOLDER = join(import.meta.dirname, '../../../core/report/schemas')

test('the published schemas are those that the program checks reports with', () => {
  for (const [name, text] of publishedSchemas()) {
    // Where this fails: node build/report-schemas.ts
    expect(readFileSync(join(FOLDER, name), 'utf8')).toBe(text)
  }
})

test('every file of a report fits its published schema, as another program reads it', async () => {
  using world = new World()
  const [ada, ben, cleo] = ['ada', 'ben', 'cleo'].map((name) => new TestNode(name)) as [TestNode, TestNode, TestNode]
  const genesis = foundNetwork([ada, ben, cleo])
  ada.observe('report.json', { value: 1 })
  ben.observe('report.json', { value: 2 })
  cleo.observe('usage.json', { value: 1 }, { task: 'pilot' })
  const fork = cleo.signed.at(-1)!
  cleo.forkAfter(cleo.signed.at(-2)!).observe('usage.json', { value: 3 })
  world.joinNetwork(genesis.id).deliver(allSigned([ada, ben, cleo]))
  expect(fork.receipt.seq).toBe(2)

  const { files } = await reportOf(world, { network: genesis.id })
  for (const name of ['ledger', 'conflicts', 'summary', 'audit']) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, validateFormats: false })
    const schema: unknown = JSON.parse(readFileSync(join(FOLDER, `${name}.schema.json`), 'utf8'))
    const validate = ajv.compile(schema as object)
    const file: unknown = JSON.parse(files.get(`${name}.json`) ?? '')
    validate(file)
    expect(validate.errors ?? []).toEqual([])
    // And it is no schema that everything fits.
    expect(validate({ ...(file as object), format: 'something else' })).toBe(false)
  }
  const alert: unknown = JSON.parse(readFileSync(join(FOLDER, 'events.schema.json'), 'utf8'))
  const validate = new Ajv2020({ allErrors: true, strict: true, validateFormats: false }).compile(alert as object)
  const lines = (files.get('events.jsonl') ?? '').trim().split('\n')
  expect(lines).toHaveLength(2)
  for (const line of lines) {
    validate(JSON.parse(line))
    expect(validate.errors ?? []).toEqual([])
    expect(validate({ ...(JSON.parse(line) as object), event: 'something else' })).toBe(false)
  }
})
