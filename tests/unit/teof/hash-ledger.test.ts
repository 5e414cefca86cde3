import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compareHashLedgers, judgeFile, NO_KEYS, parseHashLedger } from '#core/teof/index.ts'
import type { HashLedger } from '#core/teof/index.ts'
import { bytesOf, CORPUS, textMatching, textOf } from './corpus.ts'

const FOLDER = '_report/usage/hash-ledger'

test('the real ledgers hold, and the longer one is merely ahead', () => {
  const [ahead, behind] = [ledger('ahead'), ledger('behind')]
  for (const one of [ahead, behind]) expect(one).toMatchObject({ isWhole: true, findings: [] })
  expect(ahead.entries.at(-1)).toMatchObject({
    planId: '2025-10-11-decentralized-node',
    planStepId: 'S3',
    agentId: 'codex-tier2',
    time: { instant: '2025-11-09T23:24:41.000Z' },
  })
  expect(compareHashLedgers(ahead, behind)).toEqual({ relation: 'extends', sharedEntries: 3 })
  expect(compareHashLedgers(behind, ahead)).toEqual({ relation: 'extended-by', sharedEntries: 3 })
  expect(compareHashLedgers(ahead, ledger('ahead'))).toEqual({ relation: 'same', sharedEntries: 5 })
})

test('a changed entry is found by its hash, by the one behind it, and in comparison', () => {
  const changed = read(index('ahead').replace('"plan_step_id":"S1"', '"plan_step_id":"S9"'), state('ahead'))
  expect(changed.findings).toMatchObject([
    { code: 'ledger-hash-differs', happened: textMatching(/^Entry 1 of .* says its hash is 9611f097/) },
    { code: 'ledger-chain-broken', happened: textMatching(/^Entry 2 of .* says 9611f097\S+ stands before it, but/) },
  ])
  expect(changed.isWhole).toBe(false)
  expect(compareHashLedgers(changed, ledger('ahead'))).toEqual({ relation: 'diverged', sharedEntries: 0 })
})

test('an entry that was taken out is missed by the next one and by the count', () => {
  const lines = index('ahead').split('\n')
  const shortened = read([...lines.slice(0, 2), ...lines.slice(3)].join('\n'), state('ahead'))
  expect(shortened.findings.map(({ code }) => code)).toEqual(['ledger-chain-broken', 'ledger-state-differs'])
})

test('a tip that the entries do not reach is told, and the chain still holds', () => {
  const found = read(index('behind'), state('ahead'))
  expect(found).toMatchObject({ isWhole: true, findings: [{ code: 'ledger-state-differs' }] })
})

test('a line that was cut is told as an interrupted copy, and the rest is read', () => {
  const cut = read(index('ahead').slice(0, -100), null)
  expect(cut.entries).toHaveLength(4)
  expect(cut.findings).toMatchObject([{ code: 'ledger-line', remedy: textMatching(/copy the file again/) }])
  expect(compareHashLedgers(ledger('ahead'), cut).relation).toBe('extends')
})

test('Windows line ends, a byte-order mark and empty lines change nothing', () => {
  const odd = read(`\uFEFF${index('ahead').replaceAll('\n', '\r\n')}\n\n`, state('ahead'))
  expect(odd).toEqual(ledger('ahead'))
})

test('non-ASCII is escaped in what is hashed, as Python does', () => {
  const found = read('{"note":"ü \u{1F600} \u007f","prev_hash":"' + '0'.repeat(64) + '","hash":"x"}\n', null)
  // hashlib.sha256(json.dumps({"note": "ü 😀 \x7f", "prev_hash": "0" * 64}, sort_keys=True, separators=(",", ":")).encode())
  expect(found.entries[0]?.hash).toBe('c7409bbd598ddc293fb1240a988a806fb4142b783956e4e5884ab116ca8bdf57')
})

test('an entry that lies as a file of its own is held to its hash', () => {
  const [, second = ''] = index('ahead').split('\n')
  const pretty = JSON.stringify(JSON.parse(second), undefined, 2)
  const judged = (text: string) => judgeFile(`${FOLDER}/receipt-20251109T184630Z.json`, bytesOf(text), NO_KEYS, null)
  expect(judged(pretty).findings).toEqual([])
  expect(judged(pretty.replace('codex-tier2', 'somebody')).findings).toMatchObject([
    {
      code: 'stated-hash-differs',
      happened: textMatching(/says that as an entry of a hash-ledger it hashes to 630ed755/),
    },
  ])
})

test('an empty ledger holds', () => {
  expect(read('', '{"tip_hash":null,"entry_count":0}')).toMatchObject({ entries: [], isWhole: true, findings: [] })
})

function ledger(name: string): HashLedger {
  return read(index(name), state(name))
}

function read(indexText: string, stateText: string | null): HashLedger {
  return parseHashLedger(FOLDER, bytesOf(indexText), stateText === null ? null : bytesOf(stateText))
}

function index(name: string): string {
  return textOf(readFileSync(join(CORPUS, 'hash-ledger', name, 'index.jsonl')))
}

function state(name: string): string {
  return textOf(readFileSync(join(CORPUS, 'hash-ledger', name, 'state.json')))
}
