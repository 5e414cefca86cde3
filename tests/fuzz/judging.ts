// A process that judges, seen from outside: its heap is limited to what it needs warm and what a case may take, and it is ended when a
// case hangs.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CASE_LIMITS, HEAP_LIMIT_MB } from './limits.ts'
import { WARM_UP_SEED, type Finding, type FuzzOrder, type FuzzWord } from './order.ts'
import { Random } from './random.ts'
import { loadTarget } from './targets/index.ts'

export interface Searched {
  readonly cases: number
  readonly findings: readonly Finding[]
}

/** Kinds of findings after which a target is left alone: more of them would say nothing new. */
const MOST_KINDS = 5

/** Judges cases until the time is up; a case that ends its process is a finding, and the next one gets a new process. */
export async function searchTarget(target: string, seed: number, untilMs: number): Promise<Searched> {
  const findings = new Map<string, Finding>()
  let next = 0
  // Also where the time is up already: a few cases of every decoder are judged, however slow the machine is.
  while ((next === 0 || Date.now() < untilMs) && findings.size < MOST_KINDS) {
    const order = { target, seed, first: next, last: Number.MAX_SAFE_INTEGER, untilMs, inputs: null }
    const run = await runProcess(order)
    for (const finding of run.findings) {
      if (findings.has(finding.kind)) continue
      // What depends on how busy the machine is must happen twice.
      const isSure = finding.how === 'wrong' || (await judgeInputs(target, [finding.bytes])).length > 0
      if (isSure) findings.set(finding.kind, finding)
    }
    // A process that did not get past warming up would not the next time either.
    if (run.next === next) break
    next = run.next
  }
  return { cases: next, findings: [...findings.values()] }
}

/** Judges each of these once; one finding at most for each, `nth` tells which. */
export async function judgeInputs(target: string, inputs: readonly Uint8Array[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (let next = 0; next < inputs.length;) {
    const untilMs = Number.POSITIVE_INFINITY
    const run = await runProcess({ target, seed: 0, first: next, last: inputs.length, untilMs, inputs })
    findings.push(...run.findings)
    next = Math.max(run.next, next + 1)
  }
  return findings
}

interface Run {
  readonly next: number
  readonly findings: readonly Finding[]
}

async function runProcess(order: Omit<FuzzOrder, 'placeFile'>): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-fuzz-place-'))
  try {
    return await judged({ ...order, placeFile: join(folder, 'at') })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function judged(order: FuzzOrder): Promise<Run> {
  const child = spawn(process.execPath, [...FLAGS, fileURLToPath(new URL('./judge.ts', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  const findings: Finding[] = []
  let next: number | null = null
  let complaint = ''
  let hangs = false
  child.on('message', (word: FuzzWord) => {
    if (word.type === 'finding') findings.push(word)
    else next = word.next
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (complaint = (complaint + text).slice(-4_000)))
  child.send(order)
  let seen = { nth: Number.NaN, sinceMs: Date.now() }
  const watch = setInterval(() => {
    const nth = placeIn(order)
    if (nth !== seen.nth) seen = { nth, sinceMs: Date.now() }
    hangs = Date.now() - seen.sinceMs > CASE_LIMITS.hangMs
    if (hangs) child.kill('SIGKILL')
  }, 500)
  await new Promise<void>((resolve) => child.once('close', () => resolve()))
  clearInterval(watch)
  if (next !== null) return { next, findings }

  const nth = placeIn(order)
  const target = await loadTarget(order.target)
  const bytes =
    nth < 0
      ? target.make(new Random(WARM_UP_SEED, -nth))
      : (order.inputs?.[nth] ?? target.make(new Random(order.seed, nth)))
  const how = hangs ? 'hangs' : 'ends its process'
  const what = hangs ? `It was not done after ${CASE_LIMITS.hangMs} ms.` : reasonOf(complaint)
  findings.push({ type: 'finding', nth, how, what, kind: `${how}: ${what}`, bytes })
  return { next: nth < 0 ? order.first : nth + 1, findings }
}

function placeIn({ placeFile, first }: FuzzOrder): number {
  try {
    return Number(readFileSync(placeFile, 'utf8'))
  } catch {
    return first // Not begun yet.
  }
}

function reasonOf(complaint: string): string {
  return complaint.includes('heap out of memory') ? `It needed more than ${CASE_LIMITS.heapMb} MiB of heap.` : complaint
}

const FLAGS = [`--max-old-space-size=${HEAP_LIMIT_MB}`, '--max-semi-space-size=8']
