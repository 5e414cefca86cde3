// Writes the published JSON schemas of network reports; a test says so when they are not those of the program.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedSchemas } from '#core/report/index.ts'

const folder = join(import.meta.dirname, '../core/report/schemas')
mkdirSync(folder, { recursive: true })
for (const [name, text] of publishedSchemas()) writeFileSync(join(folder, name), text)
