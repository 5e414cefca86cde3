// Everything a node holds, exported into a folder: two stories and several conflicts stand in one order. Through a running host.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { twoStories } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'

const Report = z.object({ conflicts: z.array(z.object({ id: z.string(), kind: z.string(), subject: z.string() })) })

test('an export names every conflict once, in the order of their ids, and two stories in one feed', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  await using host = await serve(ben)
  const said = await host.read('export', '--out', 'evidence')
  expect(said.out).toMatch(/^Wrote \d+ receipts of 2 nodes and 2 conflicts to \S+\n$/)
  const folder = join(place.folder, 'evidence')
  const { conflicts } = Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))
  expect(conflicts.map(({ kind }) => kind).toSorted()).toEqual(['fork', 'hash-mismatch'])
  expect(conflicts.map(({ id }) => id)).toEqual(conflicts.map(({ id }) => id).toSorted())
  const feed = readFileSync(join(folder, 'nodes', `${ben.id.slice('did:key:'.length)}.jsonl`), 'utf8')
  const seqs = feed
    .split('\n')
    .slice(0, -1)
    .map((line) => z.object({ seq: z.number() }).parse(JSON.parse(line)).seq)
  expect(seqs).toEqual([1, 2, 3, 3])
})

test('a conflict of more claims than a list shows is exported with all of them', async () => {
  await using place = new Place()
  const names = ['ada', 'ben', 'cleo', 'dora', 'eve', 'finn', 'gil', 'hana', 'ida']
  const cores = await place.network(...names)
  for (const [n, core] of cores.entries()) await core.observe('meter.json', { v: n })
  await place.settle(cores)
  const [ada] = cores
  if (ada === undefined) throw new Error('nine were asked for')
  await using host = await serve(ada)
  await host.run('export', '--out', 'evidence')
  const text = readFileSync(join(place.folder, 'evidence', 'report.json'), 'utf8')
  const Members = z.object({ conflicts: z.array(z.object({ members: z.array(z.object({ node: z.string() })) })) })
  const [conflict] = Members.parse(JSON.parse(text)).conflicts
  expect(conflict?.members.map(({ node }) => node).toSorted()).toEqual(cores.map(({ id }) => id as string).toSorted())
})
