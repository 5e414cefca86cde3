// Every decoder of TEOF files, each on real files that were changed.
import {
  canonicalWithout,
  checkCapsule,
  compareAnchors,
  compareHashLedgers,
  directoryOfFiles,
  judgeFile,
  parseAnchors,
  parseCapsuleHashes,
  parseHashLedger,
  parseKeyFile,
  parsePlan,
  parseTaskClaim,
  parseTeofTime,
  parseUsageReceipt,
  pathPattern,
  pathWithin,
  readJson,
  TEOF_LIMITS,
  timeInName,
  type Finding,
} from '#core/teof/index.ts'
import { subjectPattern } from '../../../core/reconcile/subject-pattern.ts'
import { frontMatter } from '../../../core/tasks/front-matter.ts'
import { checker, corpusFiles, ringOf } from '#tests/unit/teof/corpus.ts'
import { blownUp, mutateBytes, mutateLines } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { must, type Target } from '../target.ts'
import { hostileJson, textOf } from './samples.ts'

const files = corpusFiles('node-c')
const ring = ringOf(files)
const text = (path: string) => textOf(files.get(path) ?? new Uint8Array())
const ofKind = (pattern: RegExp) => [...files.keys()].filter((path) => pattern.test(path)).map(text)

function mustBeSentences(findings: readonly Finding[]): void {
  for (const { happened, remedy } of findings)
    must(
      [happened, remedy].every((said) => /^\S.{10,}\.$/su.test(said) && said.length < 2_000),
      'a finding is two sentences',
    )
}

/** A decoder of one kind of JSON file. */
function jsonTarget(
  name: string,
  samples: readonly string[],
  check: (bytes: Uint8Array) => void | Promise<void>,
): Target {
  return { name, make: (random) => hostileJson(random, samples, TEOF_LIMITS.jsonBytes), check }
}

const FEED = '_report/external/demo/20251004T060046Z.json'
const receipt = jsonTarget('teof-receipt', ofKind(/^_report\/.*\.json$/), (bytes) => {
  const judged = judgeFile(FEED, bytes, ring, checker)
  mustBeSentences(judged.findings)
  const read = readJson(bytes)
  if (!read.ok) return
  const again = readJson(Buffer.from(read.json.canonical))
  must(again.ok && again.json.canonical === read.json.canonical, 'the canonical form is its own canonical form')
  JSON.parse(textOf(bytes).replace(/^\ufeff/, '')) // Whatever is read here is JSON.
  if (read.json.members !== null) canonicalWithout(read.json.members, new Set(['signature']))
  parseUsageReceipt('_report/usage/external-summary.json', bytes)
  parseUsageReceipt('_report/usage/receipts-hygiene-summary.json', bytes)
})

const anchors = jsonTarget('teof-anchors', ofKind(/^governance\/anchors\.json$/), (bytes) => {
  const parsed = parseAnchors(bytes)
  mustBeSentences(parsed.ok ? parsed.anchors.findings : [parsed.finding])
  must(
    !parsed.ok || compareAnchors(parsed.anchors, parsed.anchors).relation === 'same',
    'anchors are the same as themselves',
  )
})

const capsule = jsonTarget('teof-capsule', ofKind(/^capsule\/current\/hashes\.json$/), async (bytes) => {
  const parsed = parseCapsuleHashes('capsule/current', bytes)
  mustBeSentences(parsed.ok ? parsed.hashes.findings : [parsed.finding])
  const places = parsed.ok ? parsed.hashes.entries.flatMap((entry) => entry.places) : []
  must(
    places.every((place) => place.startsWith('capsule/') && !place.split('/').includes('..')),
    'no place leaves the capsule',
  )
  const check = await checkCapsule(
    directoryOfFiles(new Map([['capsule/current/hashes.json', bytes]])),
    'capsule/current',
  )
  mustBeSentences(check?.findings ?? [])
})

const plan = jsonTarget('teof-plan', ofKind(/\.plan\.json$|^_bus\/claims\//), (bytes) => {
  const parsed = parsePlan('_plans/2025-09-22-external-feed-demo.plan.json', bytes)
  mustBeSentences(parsed.ok ? parsed.plan.findings : [parsed.finding])
  const claim = parseTaskClaim(bytes)
  must(claim === null || claim.taskId !== '', 'a claim names its task')
})

const ledgerLine = '{"hash":"aa","prev_hash":"","ts":"2025-09-22T01:45:00Z"}'
const hashLedger: Target = {
  name: 'teof-hash-ledger',
  make(random) {
    const sample = Buffer.from(`${ledgerLine}\n`.repeat(4))
    // A ledger may be long; what it costs must grow with its length alone, so a mebibyte shows it as well.
    if (random.oneIn(100)) return blownUp(random, sample, 1024 * 1024)
    return random.oneIn(2)
      ? mutateLines(random, mutateBytes(random, sample))
      : hostileJson(random, [ledgerLine], 10_000)
  },
  check(bytes) {
    const whole = parseHashLedger('ledger', bytes, null)
    mustBeSentences(whole.findings)
    const half = bytes.subarray(0, bytes.indexOf(0x0a, bytes.length >> 1) + 1)
    const prefix = parseHashLedger('ledger', half, half)
    mustBeSentences(prefix.findings)
    must(['same', 'extends'].includes(compareHashLedgers(whole, prefix).relation), 'a ledger extends its own beginning')
  },
}

const KEYS = ['feed.demo-2025.pub', 'x.pub', '../x.pub', '.pub', 'a..b.pub']
const keyFile: Target = {
  name: 'teof-key',
  make: (random) =>
    Buffer.concat([
      Buffer.from(
        `${random.oneIn(3) ? textOf(mutateBytes(random, Buffer.from(random.pick(KEYS)))).replaceAll('\n', '') : 'feed.pub'}\n`,
      ),
      mutateBytes(random, files.get('governance/keys/feed.demo-2025.pub') ?? new Uint8Array()),
    ]),
  check(bytes) {
    const newline = Math.max(0, bytes.indexOf(0x0a))
    const parsed = parseKeyFile(textOf(bytes.subarray(0, newline)), bytes.subarray(newline + 1))
    if (!parsed.ok) mustBeSentences([parsed.finding])
    else
      must(
        /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(parsed.key.keyId) && !parsed.key.keyId.includes('..'),
        'a key id is a plain name',
      )
  },
}

/** Small texts that files are full of: times, paths, patterns, the front of a proposal. */
const SMALL = [
  '2025-10-04T06:00:46Z',
  '20251004T060046Z',
  '2025-10-04T06:00:46.123456+02:00',
  '_report/external/*/[!a-z]?.json',
  '**/x/**',
  '[a-',
  '../../x',
  'a/./b',
  '---\nstatus: draft\ntitle: "a: b"\n---\ntext',
  '---\n---',
  `${'*a'.repeat(40)}b`,
].map((each) => Buffer.from(each))

const smallTexts: Target = {
  name: 'teof-texts',
  make: (random: Random) =>
    random.oneIn(100) ? blownUp(random, random.pick(SMALL), 4_000) : mutateBytes(random, random.pick(SMALL)),
  check(bytes) {
    const given = textOf(bytes)
    const time = parseTeofTime(given)
    must(time === null || Number.isFinite(Date.parse(time.instant)), 'a time that is read exists')
    timeInName(given)
    must(
      frontMatter(given).every(({ key, text: value }) => key !== '' && value !== ''),
      'a front has keys and values',
    )
    const within = pathWithin('a', given)
    must(within === null || (!within.startsWith('/') && !within.split('/').includes('..')), 'no path leads out')
    // As long as policy and rules let a pattern be; its time is the product of both lengths.
    if (given.length > 1_024) return
    const subject = 'a'.repeat(1_000)
    for (const fits of [pathPattern(given), subjectPattern(given)])
      must(typeof fits(subject) === 'boolean', 'a pattern answers')
  },
}

export const teofTargets = [receipt, anchors, capsule, plan, hashLedger, keyFile, smallTexts]
