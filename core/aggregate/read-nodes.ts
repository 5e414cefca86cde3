// What is known of the nodes before any receipt is read: keys, anchors, capsules, plans, and how their anchors stand to each other.
import { invariant } from '#core/problem/index.ts'
import {
  cappedFindings,
  compareAnchors,
  compareCodePoints,
  keyRings,
  pathWithin,
  readNodeFacts,
  receiptMissing,
  TEOF_LIMITS,
  type Finding,
  type NodeFacts,
} from '#core/teof/index.ts'
import type { NodeFolders } from './node-folders-adapter.ts'
import type { AnchorRelation, AnchorStanding, PlanLink, SourceNode } from './types.ts'

export interface NamedFolder {
  /** Unique among the nodes. */
  readonly label: string
  /** Absolute. */
  readonly folder: string
}

export interface KnownNode extends SourceNode {
  readonly facts: NodeFacts
}

export interface KnownNodes {
  /** In order of label. */
  readonly nodes: readonly KnownNode[]
  readonly anchors: AnchorStanding
  /** For each path that a plan names, which plans and steps. */
  readonly plans: ReadonlyMap<string, readonly PlanLink[]>
  /** Links that were more than are kept. */
  readonly planLinksLeftOut: number
}

/** `folders` are in order of label. */
export async function readNodes(folders: readonly NamedFolder[], machine: NodeFolders): Promise<KnownNodes> {
  const read: (NamedFolder & { readonly facts: NodeFacts })[] = []
  for (const { label, folder } of folders)
    read.push({
      label,
      folder,
      facts: withMissingReceipts(folder, await readNodeFacts(machine.open(folder)), machine),
    })
  const rings = keyRings(new Map(read.map(({ label, facts }) => [label, facts.keys])))
  const nodes = read.map((node) => {
    const keys = rings.get(node.label)
    invariant(keys !== undefined, 'every label has its ring of keys')
    return { ...node, keys }
  })
  const facts = read.map((node) => node.facts)
  return { nodes, anchors: anchorStanding(facts), ...planLinks(facts) }
}

/** Beside its other findings what its plans name and the node does not have, wherever in its folder that should lie. */
function withMissingReceipts(folder: string, facts: NodeFacts, machine: NodeFolders): NodeFacts {
  const missing: Finding[] = []
  let looked = 0
  for (const plan of facts.plans) {
    const named = new Set([...plan.receipts, ...plan.steps.flatMap(({ receipts }) => receipts)])
    for (const path of [...named].toSorted(compareCodePoints)) {
      if (++looked > PLAN_LINKS) break
      // The path is as somebody wrote it: it may not lead out of the folder.
      const within = pathWithin('', path)
      if (within === null || !machine.isThere(folder, within)) missing.push(receiptMissing(plan, path))
    }
  }
  return { ...facts, findings: [...facts.findings, ...cappedFindings(missing, TEOF_LIMITS.findingsPerKind)] }
}

const RELATION: Record<ReturnType<typeof compareAnchors>['relation'], AnchorRelation> = {
  same: 'same',
  extends: 'newer',
  'extended-by': 'older',
  diverged: 'unrelated',
}

function anchorStanding(facts: readonly NodeFacts[]): AnchorStanding {
  return {
    usable: facts.map(({ anchors }) => anchors !== null),
    relation: facts.map(({ anchors: one }) =>
      facts.map(({ anchors: other }) =>
        one === null || other === null ? 'unrelated' : RELATION[compareAnchors(one, other).relation],
      ),
    ),
  }
}

/** Every thread has them, so there is an end to it. */
const PLAN_LINKS = 50_000

function planLinks(facts: readonly NodeFacts[]): Pick<KnownNodes, 'plans' | 'planLinksLeftOut'> {
  const plans = new Map<string, PlanLink[]>()
  let kept = 0
  let planLinksLeftOut = 0
  const add = (path: string, link: PlanLink) => {
    const links = plans.get(path) ?? []
    if (links.some(({ plan, step }) => plan === link.plan && step === link.step)) return
    if (kept >= PLAN_LINKS) {
      planLinksLeftOut++
      return
    }
    kept++
    links.push(link)
    plans.set(path, links)
  }
  for (const { plans: written } of facts)
    for (const { planId, receipts, steps } of written) {
      for (const { id, receipts: named } of steps) for (const path of named) add(path, { plan: planId, step: id })
      // A plan lists the receipts of its steps once more.
      const ofSteps = new Set(steps.flatMap((step) => step.receipts))
      for (const path of receipts) if (!ofSteps.has(path)) add(path, { plan: planId, step: null })
    }
  return { plans, planLinksLeftOut }
}
