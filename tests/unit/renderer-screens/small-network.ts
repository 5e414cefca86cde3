// A core for the window's tests: the real contract, validated both ways, over answers that a test writes down as plain data.
import { createRouterClient, implement, ORPCError } from '@orpc/server'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import {
  ConflictId,
  type ConflictReview,
  type ConflictSummary,
  contract,
  ContentHash,
  Cursor,
  type DecideInput,
  Instant,
  type MemberView,
  NodeId,
  ReceiptId,
  type SignInput,
  type Topic,
} from '#core/contract/index.ts'
import type { Api, Changes } from '#ui/store/api.ts'
import type { Problem } from '#ui/store/problem.ts'

const hashOf = (name: string) => `sha256:${createHash('sha256').update(name).digest('hex')}`
export const receiptId = (name: string) => ReceiptId.parse(hashOf(name))
export const conflictId = (name: string) => ConflictId.parse(hashOf(`conflict ${name}`))
export const NOON = Instant.parse('2026-11-21T12:00:00.000Z')

const UPLOAD = '7d1f5a52-6c3e-4a57-9a0e-2f0d3c1b9a11'

/** A did:key that differs by name; nothing here asks whether a key stands behind it. */
export function nodeId(name: string): NodeId {
  const letters = Array.from(hashOf(name).slice(7), (hex) => 'abcdefghijkmnopq'[Number.parseInt(hex, 16)])
  return NodeId.parse(`did:key:z6Mk${letters.slice(0, 44).join('')}`)
}

export function claim(node: string, gist: string): MemberView {
  return {
    receipt: receiptId(`${node} ${gist}`),
    node: nodeId(node),
    nodeName: node,
    seq: 12,
    hash: ContentHash.parse(hashOf(gist)),
    time: NOON,
    origin: null,
    thisNode: node === 'ada',
    kind: 'evidence/observed',
    anchor: { state: 'missing' },
    gist,
    gistOf: 'count',
    content: { type: 'json', text: `{"count":${gist}}`, sizeBytes: 12, cut: false },
    heldBy: { count: 2, of: 3, notBy: ['cleo'] },
    arrived: { way: 'folder', at: NOON },
  }
}

export function review(name: string, members: readonly MemberView[]): ConflictReview {
  return {
    summary: {
      id: conflictId(name),
      kind: 'hash-mismatch',
      severity: 2,
      status: 'open',
      subject: `${name}.json`,
      subjectName: `${name}.json`,
      task: null,
      since: NOON,
      title: `Two nodes differ about ${name}.json`,
      memberCount: members.length,
      members: members.map(({ receipt, node, nodeName, seq, hash, time, origin }) => ({
        receipt,
        node,
        nodeName,
        seq,
        hash,
        time,
        origin,
      })),
      decidable: true,
      reopened: false,
      escalated: null,
    },
    why: 'Both stand under the same anchor, so no rule may choose.',
    remedy: 'Choose what holds.',
    members: [...members],
    superseded: [],
    decisions: [],
    quorum: { needed: 1, have: 0 },
    verdicts: ['pick', 'several', 'none', 'replacement'],
    cannotDecide: null,
    proof: [],
    historyCount: 2,
  }
}

/** What the core knows; a test changes it and says which topics changed. */
export interface SmallCore {
  readonly api: Api
  readonly changes: Changes
  readonly reviews: Map<ConflictId, ConflictReview>
  /** Every decision that reached the core, in order. */
  readonly decided: DecideInput[]
  /** Every receipt that was signed by hand, in order. */
  readonly signed: SignInput[]
  /** The bytes of the upload that is under way. */
  uploaded: Buffer
  cancelledUploads: number
  /** Set to let the next decisions and signatures fail. */
  refuse: Problem | null
  tell(topics: readonly Topic[]): void
}

export function smallCore(reviews: readonly ConflictReview[] = [], undoSeconds = 10): SmallCore {
  const listeners = new Map<Topic, Set<() => void>>()
  const core: SmallCore = {
    api: createApi(() => core, undoSeconds),
    changes: {
      on: (topics, listener) => {
        for (const topic of topics) listeners.set(topic, (listeners.get(topic) ?? new Set()).add(listener))
        return () => undefined
      },
    },
    reviews: new Map(reviews.map((entry) => [entry.summary.id, entry])),
    decided: [],
    signed: [],
    uploaded: Buffer.alloc(0),
    cancelledUploads: 0,
    refuse: null,
    tell: (topics) => {
      for (const listener of new Set(topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]))) listener()
    },
  }
  return core
}

function createApi(core: () => SmallCore, undoSeconds: number): Api {
  const os = implement(contract)
  const all = () => [...core().reviews.values()].map((entry) => entry.summary)
  const get = (id: ConflictId): ConflictReview => {
    const found = core().reviews.get(id)
    if (found === undefined)
      throw problem({ code: 'NOT_FOUND', happened: 'It is gone.', kept: 'All.', remedy: 'None.' })
    return found
  }
  // Only what these stores ask; a procedure that is missing here answers NOT_FOUND, and a test that needs it would see it.
  const router = {
    conflicts: {
      list: os.conflicts.list.handler(({ input }) => page(all().filter(fits(input.filter)), input.after, input.limit)),
      counts: os.conflicts.counts.handler(() => ({
        open: all().filter((summary) => summary.status === 'open').length,
        settled: all().filter((summary) => summary.status === 'settled').length,
        openBySeverity: {},
        openByKind: {},
      })),
      facets: os.conflicts.facets.handler(() => ({ tasks: [], nodes: [] })),
      get: os.conflicts.get.handler(({ input }) => get(input.id)),
      diff: os.conflicts.diff.handler(({ input }) => ({
        structured: true,
        rows: [
          { path: 'count', change: 'changed' as const, cells: get(input.id).members.map((member) => member.gist) },
          ...(input.withEqual ? [{ path: 'feed', change: 'equal' as const, cells: ['demo', 'demo'] }] : []),
        ],
        equalCount: 1,
        more: 0,
      })),
      preview: os.conflicts.preview.handler(({ input }) => ({
        items: input.conflicts.map((id) => {
          const { summary, members } = get(id)
          const [first] = members
          // A rule by node decides only where the node has a claim; here that is where there are two claims.
          const decides = input.rule !== null && (input.rule.type === 'none' || members.length === 2)
          return {
            conflict: id,
            subject: summary.subject,
            members: members.map((member) => member.receipt),
            claims: members.map(({ receipt, nodeName, seq, time, gist, gistOf }) => ({
              receipt,
              nodeName,
              seq,
              time,
              gist,
              gistOf,
            })),
            verdict:
              decides && first !== undefined
                ? input.rule?.type === 'none'
                  ? { type: 'none' as const }
                  : { type: 'pick' as const, receipt: first.receipt }
                : null,
            sentence: decides ? `For ${summary.subject}, so.` : '',
            why: decides || input.rule === null ? null : 'The node made no claim here.',
          }
        }),
      })),
      history: os.conflicts.history.handler(() => ({ items: [], next: null })),
      decide: os.conflicts.decide.handler(({ input }) => {
        const { refuse, decided } = core()
        if (refuse !== null) throw problem(refuse)
        decided.push(input)
        return { id: receiptId(`decision ${decided.length}`) }
      }),
    },
    uploads: {
      begin: os.uploads.begin.handler(() => {
        core().uploaded = Buffer.alloc(0)
        return { upload: UPLOAD }
      }),
      piece: os.uploads.piece.handler(({ input }) => {
        core().uploaded = Buffer.concat([core().uploaded, Buffer.from(input.base64, 'base64')])
        return { received: core().uploaded.length }
      }),
      cancel: os.uploads.cancel.handler(() => {
        core().uploaded = Buffer.alloc(0)
        core().cancelledUploads += 1
        return {}
      }),
    },
    receipts: {
      list: os.receipts.list.handler(() => ({ items: [], next: null, total: 0, moreThan: null })),
      kinds: os.receipts.kinds.handler(() => ({
        items: [{ kind: 'evidence/observed', claims: 'This node saw this content at this subject.', byHand: true }],
      })),
      sign: os.receipts.sign.handler(({ input }) => {
        const { refuse, signed } = core()
        if (refuse !== null) throw problem(refuse)
        signed.push(input)
        return { id: receiptId(`signed ${signed.length}`), seq: signed.length }
      }),
    },
    settings: {
      get: os.settings.get.handler(() => ({
        appearance: 'system' as const,
        rescanSeconds: 60,
        notifications: { conflicts: true, pendingNodes: true, exchange: true },
        quietHours: null,
        undoSeconds,
      })),
    },
  }
  // The client has the whole contract's type over the procedures above; see the comment there.
  return createRouterClient(router) as unknown as Api
}

function fits(filter: { readonly status?: string | undefined; readonly subject?: string | undefined }) {
  return (summary: ConflictSummary) =>
    (filter.status === 'all' || summary.status === filter.status) && summary.subject.includes(filter.subject ?? '')
}

function page(items: readonly ConflictSummary[], after: Cursor | undefined, limit: number) {
  const from = after === undefined ? 0 : Number(after)
  const next = from + limit < items.length ? Cursor.parse(String(from + limit)) : null
  return { items: items.slice(from, from + limit), next }
}

function problem(data: Problem): ORPCError<'PROBLEM', Problem> {
  return new ORPCError('PROBLEM', { defined: true, status: 422, data })
}

/** `expect.stringContaining`, without its `any`. */
export function containing(text: string): unknown {
  return expect.stringContaining(text)
}

/** A clock that stands still until a test moves it. */
export function standingClock() {
  let now = 0
  let waiting: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => now,
    after: (ms: number, run: () => void) => {
      const entry = { at: now + ms, run }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((other) => other !== entry)
      }
    },
    pass: (ms: number) => {
      now += ms
      const due = waiting.filter((entry) => entry.at <= now)
      waiting = waiting.filter((entry) => entry.at > now)
      for (const entry of due) entry.run()
    },
  }
}

/** Waits until a store says so; the store's own changes are what wakes it. */
export function until<State>(
  store: { getState: () => State; subscribe: (listener: (state: State) => void) => () => void },
  holds: (state: State) => boolean,
): Promise<State> {
  return new Promise((resolve) => {
    if (holds(store.getState())) return resolve(store.getState())
    const leave = store.subscribe((state) => {
      if (!holds(state)) return
      leave()
      resolve(state)
    })
    return undefined
  })
}
