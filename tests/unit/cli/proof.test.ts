import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { makePlace } from './command-line.ts'

const Signed = z.object({ id: z.string() })

test('export proves a receipt by the beginning of its id, as a page or as data, and writes over nothing', async () => {
  using place = makePlace()
  await place.runWithKey('ada', 'init', '--name', 'ada', '--exchange', place.exchange)
  const body = ['--kind', 'evidence/observed', '--subject', 'a.json', '--body', '{"v":1}']
  const { id } = Signed.parse((await place.runWithKey('ada', 'sign', ...body)).json)

  const page = await place.run('ada', 'export', id.slice(7, 19), '--to', 'a.html')
  expect(page.json).toMatchObject({
    form: 'html',
    type: 'receipt',
    id,
    sentence: expect.stringContaining('ada signed on') as string,
  })
  expect(readFileSync(join(place.folder, 'a.html'), 'utf8')).toMatch(/^<!doctype html>\n/)

  const data = await place.run('ada', 'export', id, '--to', 'a.proof')
  expect(data.code).toBe(0)
  expect(JSON.parse(readFileSync(join(place.folder, 'a.proof'), 'utf8'))).toMatchObject({ format: 'steward-proof/2' })

  const again = await place.run('ada', 'export', id, '--to', 'a.proof')
  expect(again).toMatchObject({ code: 2, json: { error: { code: 'FILE_NOT_MADE' } } })
  expect((await place.run('ada', 'export', id)).json).toMatchObject({ error: { code: 'USAGE' } })
  expect((await place.run('ada', 'export')).json).toMatchObject({ error: { code: 'USAGE' } })
  expect((await place.run('ada', 'export', 'ffffffffffff', '--to', 'b.json')).json).toMatchObject({
    error: { code: 'NOT_FOUND' },
  })
})
