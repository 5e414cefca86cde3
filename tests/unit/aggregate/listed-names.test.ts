import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { walkNode } from '#core/aggregate/walk-adapter.ts'

// A folder's names lie where those of the folder before it lay: longer ones, shorter ones and none, on every level.
test('every file is met once and in order, however much longer or shorter the names of one folder are than those of the last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-walk-'))
  try {
    const paths = [
      '_plans/a.plan.json',
      '_report/1/long/name-that-is-much-longer-than-the-others.json',
      '_report/1/long/Über den Hafen 🚢.json',
      '_report/1/z.json',
      '_report/2/short/a.json',
      '_report/3/many/b.json',
      ...Array.from({ length: 300 }, (_, index) => `_report/3/many/${String(index).padStart(5, '0')}.json`),
      '_report/4/short/a.json',
      '_report/5.json',
    ]
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), '{}')
    }
    mkdirSync(join(folder, '_report/2/empty'))
    const walk = walkNode({ folder, leftOut: [], onFinding: (found) => expect(found).toBeNull() })
    const met: string[] = []
    for (let path = walk.next(); path !== null; path = walk.next()) met.push(path)
    expect(met).toEqual(paths.toSorted())
    expect(walk.next()).toBeNull()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
