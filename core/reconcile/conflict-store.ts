// Writes conflicts and keeps their counts. What is wanted for an owner is compared with what stands; only differences are written.
import type { ConflictId, ConflictKind, NodeId } from '#core/contract/index.ts'
import type { Tx } from '#core/ledger/index.ts'
import { kindToCode, type StatusCode } from './conflict-codes.ts'
import { nodeMarks, taskMark } from './marks.ts'
import { severityOf } from './severity.ts'

export interface StoredMember {
  readonly node: NodeId
  readonly nodeKey: number
  readonly seq: number
  readonly arrival: number
  readonly timeMs: number
  readonly hash: string
  /** The imported directory whose claim it is; left out or null for a node's own. */
  readonly origin?: string | null
}

export interface WantedConflict {
  readonly id: ConflictId
  readonly kind: ConflictKind
  readonly status: StatusCode
  readonly subject: string
  readonly task: string | null
  readonly sinceMs: number
  readonly reopened: boolean
  readonly members: readonly StoredMember[]
  /** Only where a range of seqs of one node is what is the matter. */
  readonly range: { readonly node: NodeId | null; readonly fromSeq: number; readonly toSeq: number } | null
}

/** Gathers counts over one write and writes them once. */
export class ConflictStore {
  readonly #tx: Tx
  readonly #counts = new Map<string, { kind: number; severity: number; status: number; delta: number }>()
  readonly #facets = new Map<string, { facet: 'node' | 'task'; value: string; delta: number }>()
  #changed = false
  /** Of the owners announced by `expect`, those that have conflicts now; null before. */
  #standing: ReadonlySet<number> | null = null

  constructor(tx: Tx) {
    this.#tx = tx
  }

  /** Announces the subjects to come: which of them have conflicts is then one question and not one each. */
  expect(subjectKeys: readonly number[]): void {
    const rows = this.#tx
      .prepare<[string], { owner: number }>(`
        SELECT DISTINCT owner FROM reconcile_conflict WHERE owner IN (SELECT value FROM json_each(?))
      `)
      .all(JSON.stringify(subjectKeys))
    this.#standing = new Set(rows.map((row) => row.owner))
  }

  /** Makes the conflicts of an owner those that are wanted, and no other. */
  replace(owner: number, wanted: readonly WantedConflict[]): void {
    const mayStand = owner <= 0 || this.#standing === null || this.#standing.has(owner)
    if (!mayStand && wanted.length === 0) return
    const standing = mayStand ? this.#standingOf(owner) : []
    const byId = new Map(standing.map((row) => [`sha256:${row.id.toString('hex')}`, row]))
    for (const conflict of wanted) {
      const row = byId.get(conflict.id)
      byId.delete(conflict.id)
      if (row === undefined) this.#insert(owner, conflict)
      else this.#update(row, conflict)
    }
    for (const row of byId.values()) this.#delete(row)
  }

  #standingOf(owner: number): StandingConflict[] {
    return this.#tx
      .prepare<[number], StandingConflict>(`
        SELECT id, kind, severity, status, since_ms AS sinceMs, reopened, task, subject, from_seq AS fromSeq
        FROM reconcile_conflict WHERE owner = ?
      `)
      .all(owner)
  }

  /** To be called once, when everything was replaced. */
  flush(): void {
    const addCount = this.#tx.prepare<[number, number, number, number], never>(`
      INSERT INTO reconcile_count (kind, severity, status, count) VALUES (?, ?, ?, ?)
      ON CONFLICT (kind, severity, status) DO UPDATE SET count = count + excluded.count
    `)
    // A count that is gone leaves no row behind, or rebuilt tables would differ.
    const dropCount = this.#tx.prepare<[number, number, number], never>(
      'DELETE FROM reconcile_count WHERE kind = ? AND severity = ? AND status = ? AND count = 0',
    )
    for (const { kind, severity, status, delta } of this.#counts.values()) {
      if (delta !== 0) addCount.run(kind, severity, status, delta)
      if (delta < 0) dropCount.run(kind, severity, status)
    }
    const addFacet = this.#tx.prepare<[string, string, number], never>(`
      INSERT INTO reconcile_facet (facet, value, count) VALUES (?, ?, ?)
      ON CONFLICT (facet, value) DO UPDATE SET count = count + excluded.count
    `)
    const dropFacet = this.#tx.prepare<[string, string], never>(
      'DELETE FROM reconcile_facet WHERE facet = ? AND value = ? AND count = 0',
    )
    for (const { facet, value, delta } of this.#facets.values()) {
      if (delta !== 0) addFacet.run(facet, value, delta)
      if (delta < 0) dropFacet.run(facet, value)
    }
    if (this.#changed) this.#tx.touched('conflicts')
  }

  #insert(owner: number, conflict: WantedConflict): void {
    const id = idToBytes(conflict.id)
    const kind = kindToCode(conflict.kind)
    const severity = severityOf(conflict.kind)
    const { members, range, task } = conflict
    const nodes = new Set(members.map((member) => member.node))
    if (range !== null && range.node !== null) nodes.add(range.node)
    this.#tx
      .prepare<[Buffer, ...(number | string | null)[]], never>(`
        INSERT INTO reconcile_conflict (id, owner, kind, severity, status, subject, task, task_mark, node_marks,
          since_ms, member_count, reopened, from_seq, to_seq)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      `)
      .run(
        id,
        owner,
        kind,
        severity,
        conflict.status,
        conflict.subject,
        task ?? '',
        taskMark(task),
        nodeMarks(nodes),
        conflict.sinceMs,
        members.length,
        conflict.reopened ? 1 : 0,
        range?.fromSeq ?? null,
        range?.toSeq ?? null,
      )
    const insertMember = this.#tx.prepare<
      [Buffer, number, number, number, number, number, string, string | null],
      never
    >(`
      INSERT INTO reconcile_member (conflict, position, node_key, seq, arrival, time_ms, hash, origin)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    `)
    for (const [position, { nodeKey, seq, arrival, timeMs, hash, origin }] of members.entries()) {
      insertMember.run(id, position, nodeKey, seq, arrival, timeMs, hash, origin ?? null)
    }
    this.#count(kind, severity, conflict.status, 1)
    this.#countFacets(nodes, task ?? '', 1)
  }

  #update(row: StandingConflict, conflict: WantedConflict): void {
    const reopened = conflict.reopened ? 1 : 0
    if (row.status === conflict.status && row.sinceMs === conflict.sinceMs && row.reopened === reopened) return
    this.#tx
      .prepare<[number, number, number, Buffer], never>(
        'UPDATE reconcile_conflict SET status = ?, since_ms = ?, reopened = ? WHERE id = ?',
      )
      .run(conflict.status, conflict.sinceMs, reopened, row.id)
    this.#count(row.kind, row.severity, row.status, -1)
    this.#count(row.kind, row.severity, conflict.status, 1)
  }

  #delete(row: StandingConflict): void {
    const nodes = new Set(
      this.#tx
        .prepare<[Buffer], { node: NodeId }>(`
          SELECT node.id AS node FROM reconcile_member JOIN node ON node.key = node_key WHERE conflict = ?
        `)
        .all(row.id)
        .map(({ node }) => node),
    )
    // What is the matter with a range of a feed has the node as its subject; an imported directory's label is no node.
    if (row.fromSeq !== null && row.subject.startsWith('did:key:')) nodes.add(row.subject as NodeId)
    this.#tx.prepare<[Buffer], never>('DELETE FROM reconcile_member WHERE conflict = ?').run(row.id)
    this.#tx.prepare<[Buffer], never>('DELETE FROM reconcile_conflict WHERE id = ?').run(row.id)
    this.#count(row.kind, row.severity, row.status, -1)
    this.#countFacets(nodes, row.task, -1)
  }

  #count(kind: number, severity: number, status: number, delta: number): void {
    this.#changed = true
    const key = `${kind} ${severity} ${status}`
    const entry = this.#counts.get(key)
    if (entry === undefined) this.#counts.set(key, { kind, severity, status, delta })
    else entry.delta += delta
  }

  #countFacets(nodes: Iterable<NodeId>, task: string, delta: number): void {
    for (const node of nodes) this.#countFacet('node', node, delta)
    if (task !== '') this.#countFacet('task', task, delta)
  }

  #countFacet(facet: 'node' | 'task', value: string, delta: number): void {
    const key = `${facet} ${value}`
    const entry = this.#facets.get(key)
    if (entry === undefined) this.#facets.set(key, { facet, value, delta })
    else entry.delta += delta
  }
}

interface StandingConflict {
  readonly id: Buffer
  readonly kind: number
  readonly severity: number
  readonly status: number
  readonly sinceMs: number
  readonly reopened: number
  readonly task: string
  readonly subject: string
  readonly fromSeq: number | null
}

/** The 32 bytes of a conflict's id, as the tables hold them. */
export function idToBytes(id: ConflictId): Buffer {
  return Buffer.from(id.slice('sha256:'.length), 'hex')
}

/** The order of the review, the same on every node. */
export function inReviewOrder<M extends { readonly node: NodeId; readonly seq: number; readonly hash: string }>(
  members: readonly M[],
): M[] {
  return [...members].sort((a, b) => {
    if (a.node !== b.node) return a.node < b.node ? -1 : 1
    return a.seq - b.seq || (a.hash < b.hash ? -1 : 1)
  })
}
