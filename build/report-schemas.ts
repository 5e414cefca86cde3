// Writes the published JSON schemas of network reports and of reconciled directories; tests say so when they are not the program's.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedSchemas as ofDirectories } from '../core/aggregate/published-schemas.ts'
import { publishedSchemas as ofReports } from '#core/report/index.ts'

write('core/report/schemas', ofReports())
write('core/aggregate/schemas', ofDirectories())

function write(place: string, schemas: ReadonlyMap<string, string>): void {
  const folder = join(import.meta.dirname, '..', place)
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of schemas) writeFileSync(join(folder, name), text)
}
