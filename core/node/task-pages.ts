// Tasks as the contract answers them. Plans lie in files, so these are read first; the rules of core/tasks then put the page together.
import {
  Cursor,
  type ContentHash,
  type Instant,
  type PlanFact,
  type TaskFilter,
  type TaskSort,
  type TaskSummary,
  type TaskView,
} from '#core/contract/index.ts'
import { receiptById } from '#core/ledger/index.ts'
import { openConflictsAbout, openCountAbout } from '#core/reconcile/index.ts'
import {
  findTask,
  frontMatter,
  isPlanPath,
  isProposalPath,
  planFiles,
  proposedFacts,
  stepsOf,
  taskNames,
  type FoundReceipt,
  type PlanStated,
} from '#core/tasks/index.ts'
import { parsePlan } from '#core/teof/index.ts'
import { notFound } from './not-found.ts'
import type { Session } from './session.ts'

const SHOWN_RECEIPTS = 1_000
const SHOWN_CONFLICTS = 50
/** Of each task in the list: enough to say how its steps stand. */
const LISTED_RECEIPTS = 200
export const MOST_TASKS = 10_000
const MOST_PLAN_FILES = 5_000
const PLAN_BYTES = 1024 * 1024

/** Everything that was signed under one task. @throws StewardError NOT_FOUND. */
export async function taskView(session: Session, task: string, now: Instant): Promise<TaskView> {
  const { read } = session.ledger
  const found = findTask(read, task, now, SHOWN_RECEIPTS)
  if (found.receipts.length === 0) return notFound('task', task)
  const receipts = await withPlans(session, found.receipts)
  const { steps, others } = stepsOf(receipts, (id) => receiptById(read, id) !== null)
  const claimants = Map.groupBy(receipts, (receipt) => receipt.claimant)
  return {
    task,
    title: titleOf(receipts),
    plans: receipts.flatMap((receipt) =>
      receipt.plan === null
        ? []
        : [
            {
              receipt: receipt.ref,
              claimant: receipt.claimant,
              plan: receipt.plan.plan,
              summary: receipt.plan.summary,
              superseded: receipt.superseded,
              facts: [...receipt.plan.facts],
            },
          ],
    ),
    steps,
    others,
    more: found.more,
    conflicts: openConflictsAbout(read, subjectsOf(receipts), SHOWN_CONFLICTS),
    receipts: receipts.length + found.more,
    claimants: [...claimants]
      .map(([name, own]) => ({ name, receipts: own.length }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

interface TaskQuery {
  readonly filter: TaskFilter
  readonly sort?: TaskSort | undefined
  readonly after?: Cursor | undefined
  readonly limit: number
}

/** In the order of their names; the cursor is the name of the last one shown. */
export async function taskPage(session: Session, { filter, sort = 'name', after, limit }: TaskQuery, now: Instant) {
  const index = await taskIndex(session)
  const wanted = filter.text?.trim().toLowerCase() ?? ''
  const fitting = [...index].filter(
    ([task, { title, facts }]) =>
      (wanted === '' || task.toLowerCase().includes(wanted) || (title ?? '').toLowerCase().includes(wanted)) &&
      (filter.fact === undefined || has(facts, filter.fact)),
  )
  const items: TaskSummary[] = []
  if (sort === 'name-backwards') fitting.reverse()
  const isBehind = (name: string, last: string) => (sort === 'name' ? name > last : name < last)
  const behind = fitting.filter(([name]) => after === undefined || isBehind(name, after))
  let looked = 0
  for (const [task, { title, facts }] of behind) {
    // Which tasks lack receipts is seen only by looking at each: a page ends after so many, and the next one goes on.
    if (items.length === limit || looked === MOST_LOOKED_AT) break
    looked++
    const summary = await summaryOf(session, task, title, facts, now)
    if (summary !== null && (filter.lacking !== true || summary.steps.lacking > 0)) items.push(summary)
  }
  const last = behind[looked - 1]
  return {
    items,
    next: last !== undefined && looked < behind.length ? Cursor.parse(last[0]) : null,
    total: filter.lacking === true && looked === behind.length && after === undefined ? items.length : fitting.length,
  }
}

const MOST_LOOKED_AT = 500
const SHOWN_VALUES = 50

/** What plans say about themselves, each key with its values. */
export async function taskFacets(session: Session) {
  const values = new Map<string, Set<string>>()
  for (const { facts } of (await taskIndex(session)).values()) {
    for (const { key, text } of facts) values.set(key, (values.get(key) ?? new Set()).add(text))
  }
  return {
    facts: [...values]
      .map(([key, texts]) => ({ key, values: [...texts].sort().slice(0, SHOWN_VALUES) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  }
}

async function summaryOf(
  session: Session,
  task: string,
  title: string | null,
  facts: readonly PlanFact[],
  now: Instant,
): Promise<TaskSummary | null> {
  const { read } = session.ledger
  const found = findTask(read, task, now, LISTED_RECEIPTS)
  const [newest] = found.receipts
  if (newest === undefined) return null
  const receipts = await withPlans(session, found.receipts)
  const { steps } = stepsOf(receipts, (id) => receiptById(read, id) !== null)
  return {
    task,
    title: title ?? titleOf(receipts),
    receipts: receipts.length + found.more,
    steps: {
      total: steps.length,
      done: steps.filter(({ state }) => state === 'done').length,
      lacking: steps.filter(({ missing }) => missing.length > 0).length,
    },
    openConflicts: openCountAbout(read, subjectsOf(receipts)),
    newest: newest.ref.time,
    facts: [...facts],
  }
}

interface IndexedTask {
  readonly title: string | null
  readonly facts: readonly PlanFact[]
}

/** All tasks with what their plans say about themselves. */
async function taskIndex(session: Session): Promise<ReadonlyMap<string, IndexedTask>> {
  const { read } = session.ledger
  const index = new Map<string, { title: string | null; facts: PlanFact[] }>()
  for (const task of taskNames(read, MOST_TASKS)) index.set(task, { title: null, facts: [] })
  const add = (task: string, title: string | null, facts: readonly PlanFact[]) => {
    const entry = index.get(task)
    if (entry === undefined) return
    entry.title ??= title
    for (const fact of facts) if (!has(entry.facts, fact)) entry.facts.push(fact)
  }
  for (const { plan, facts } of proposedFacts(read)) {
    add(plan, null, JSON.parse(facts) as PlanFact[]) // written by the projection, from facts
  }
  for (const { task, content } of planFiles(read, MOST_PLAN_FILES)) {
    const plan = await planIn(session, content)
    if (plan !== null) add(task === '' ? plan.plan : task, plan.summary, plan.facts)
  }
  return index
}

function has(facts: readonly PlanFact[], wanted: PlanFact): boolean {
  return facts.some(({ key, text }) => key === wanted.key && text === wanted.text)
}

async function withPlans(session: Session, receipts: readonly FoundReceipt[]): Promise<FoundReceipt[]> {
  return Promise.all(
    receipts.map(async (receipt) => {
      if (receipt.plan !== null || receipt.content === null) return receipt
      if (isPlanPath(receipt.subject)) return { ...receipt, plan: await planIn(session, receipt.content) }
      if (isProposalPath(receipt.subject))
        return { ...receipt, plan: await proposalIn(session, receipt.subject, receipt.content) }
      return receipt
    }),
  )
}

// A content's hash says what it holds, so what was read once need not be read again. The newest few hundred are kept.
const KEPT_PLANS = 512
const plansByContent = new Map<ContentHash, PlanStated | null>()

async function planIn(session: Session, content: ContentHash): Promise<PlanStated | null> {
  const kept = plansByContent.get(content)
  if (kept !== undefined) return kept
  const bytes = await session.blobs.read(content, PLAN_BYTES)
  // Not here yet: asked again the next time.
  if (bytes === null) return null
  const plan = statedIn(bytes)
  if (plansByContent.size >= KEPT_PLANS) plansByContent.delete([...plansByContent.keys()][0] ?? content)
  plansByContent.set(content, plan)
  return plan
}

function statedIn(bytes: Uint8Array): PlanStated | null {
  const parsed = parsePlan('_plans', bytes)
  if (!parsed.ok) return null
  const { planId, summary, status, actor, created, steps, receipts, metadata, checkpoint } = parsed.plan
  const fact = (key: string, text: string | null): PlanFact[] => (text === null || text === '' ? [] : [{ key, text }])
  return {
    plan: planId,
    summary,
    facts: [
      ...fact('status', status),
      ...fact('actor', actor),
      ...fact('created', created?.text ?? null),
      ...fact('checkpoint', checkpoint?.status ?? null),
      ...metadata.filter(({ text }) => !EMPTY.has(text)),
    ],
    steps: steps.map(({ id, title, status: stands, notes, receipts: paths }) => ({
      id,
      title,
      status: stands,
      note: notes,
      paths,
    })),
    paths: receipts,
  }
}

const EMPTY: ReadonlySet<string> = new Set(['', '[]', '{}', 'null'])

async function proposalIn(session: Session, subject: string, content: ContentHash): Promise<PlanStated | null> {
  const bytes = await session.blobs.read(content, PLAN_BYTES)
  if (bytes === null) return null
  const facts = frontMatter(new TextDecoder().decode(bytes))
  return facts.length === 0
    ? null
    : { plan: subject, summary: facts.find(({ key }) => key === 'title')?.text ?? null, facts, steps: [], paths: [] }
}

function titleOf(receipts: readonly FoundReceipt[]): string | null {
  return receipts.find(({ plan, superseded }) => plan?.summary && superseded === null)?.plan?.summary ?? null
}

function subjectsOf(receipts: readonly FoundReceipt[]): ReadonlySet<number> {
  return new Set(receipts.map((receipt) => receipt.subjectKey))
}
