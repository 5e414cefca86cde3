// Bundles what runs inside an exported proof page (core/proof/page) into one JSON file, so that the app can write such pages wherever
// it runs. A test compares: the file in the repository is what the sources give.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ENTRY = fileURLToPath(new URL('../core/proof/page/main.ts', import.meta.url))
const STYLE = new URL('../core/proof/page/page.css', import.meta.url)
const TO = new URL('../core/proof/verifier.json', import.meta.url)

/** The packed text, exactly as it lies in core/proof. */
export async function packVerifier(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: ENTRY, formats: ['iife'], name: 'stewardProof' },
    },
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('The bundler gave no output.')
  const [chunk] = output.output
  const script = chunk.code.trim()
  const style = readFileSync(STYLE, 'utf8').replace(/\s+/g, ' ').trim()
  // Both stand inside an element that such a text would end.
  if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error('The bundle would end its own element.')
  return `${JSON.stringify({ script, style }, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TO, await packVerifier())
