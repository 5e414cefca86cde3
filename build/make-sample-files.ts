// Packs the real files that the sample network signs into one JSON file, so that a bundled app carries them too. The files
// themselves lie in tests/fixtures/teof; a test compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FROM = new URL('../tests/fixtures/teof/', import.meta.url)
const TO = new URL('../core/sample/teof-files.json', import.meta.url)

const EVIDENCE = [
  '_plans/2025-09-22-decentralized-propagation-pilot.plan.json',
  '_plans/2025-09-22-external-feed-demo.plan.json',
  '_report/agent/codex-1/2025-09-21-receipts-hygiene/summary.json',
  '_report/consensus/summary-latest.json',
  '_report/external/demo/20250922T014500Z.json',
  '_report/external/demo/20251004T060046Z.json',
  '_report/external/sample/20250922T221000Z.json',
  '_report/external/sample/20251004T060051Z.json',
  '_report/planner/validate/summary-20250922T021548Z.json',
  '_report/planner/validate/summary-20250922T041758Z.json',
  '_report/usage/external-authenticity.json',
  '_report/usage/external-summary.json',
  '_report/usage/receipts-hygiene-summary.json',
  'capsule/current/hashes.json',
  'governance/anchors.json',
]

/** The packed text, exactly as it lies in core/sample. */
export function packSampleFiles(): string {
  const nodes = ['node-a', 'node-b', 'node-c'].map((node) => [node, filesOf(node)] as const)
  return `${JSON.stringify(Object.fromEntries(nodes), null, 2)}\n`
}

function filesOf(node: string): Record<string, string> {
  const manifest = readFileSync(new URL('MANIFEST.tsv', FROM), 'utf8').split('\n')
  const there = new Set(manifest.map((line) => line.split('\t')[0]))
  const paths = EVIDENCE.filter((path) => there.has(`${node}/${path}`))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(new URL(`${node}/${path}`, FROM), 'utf8')]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TO, packSampleFiles())
