// How the claims of a conflict are told apart: a place gives a colour and a key, and names that would be equal get more.
import type { ConflictKind, ConflictSummary, MemberView } from '#core/contract/index.ts'
import { saidBy } from '#core/contract/sentence.ts'
import { shortenId } from '#ui/components/short-id.tsx'

/** The claim colours repeat after four; the key and the name tell such claims apart. */
export const CLAIM_COLORS = 4

/** The nine claims that have a key. */
export function keyOfClaim(place: number): string | null {
  return place < 9 ? String(place + 1) : null
}

type Named = Pick<MemberView, 'receipt' | 'nodeName' | 'seq'>

/** The node's name; where two claims are from one node, with the receipt's number, and its id where even that is equal. */
export function claimLabel(claim: Named, all: readonly Named[]): string {
  const same = all.filter((other) => other.nodeName === claim.nodeName)
  if (same.length < 2) return claim.nodeName
  const twins = same.filter((other) => other.seq === claim.seq).length > 1
  return `${claim.nodeName} #${claim.seq.toLocaleString('en')}${twins ? ` ${shortenId(claim.receipt)}` : ''}`
}

/** What "none" means differs by what is decided: claims, the stories of a feed, or whether one receipt counts. */
export function noneLabel(kind: ConflictKind, claims: number): string {
  if (kind === 'fork') return 'End the feed here'
  if (isAboutOne(kind)) return 'It does not count'
  return claims === 2 ? 'Neither' : 'None'
}

/** Whether one receipt counts is decided, not which of several. */
function isAboutOne(kind: ConflictKind): boolean {
  return kind === 'invalid-content' || kind === 'invalid-signature' || kind === 'content-mismatch'
}

type Said = Named & Pick<MemberView, 'gist' | 'gistOf'>

/**
 * What a claim's own button says beside its name: a number as it is, anything else only where its field can be named too.
 * The names alone where one of the claims has more to say than a button holds.
 */
export function pickLabel(kind: ConflictKind, claim: Said, all: readonly Said[]): string {
  const name = claimLabel(claim, all)
  if (isAboutOne(kind)) return `${name}: keep it as it is`
  return claim.gist === '' || all.some((each) => onButton(each).length > LONGEST_SAID)
    ? name
    : `${name}: ${onButton(claim)}`
}

function onButton({ gist, gistOf }: Said): string {
  return gistOf === null || NUMBER.test(gist) ? gist : `${lastPart(gistOf)} ${gist}`
}

/** The same in full, for who points at the button. */
export function pickTitle(kind: ConflictKind, claim: Said, all: readonly Said[]): string {
  const said = saidBy(claim)
  return isAboutOne(kind) || said === '' ? pickLabel(kind, claim, all) : `${claimLabel(claim, all)}: ${said}`
}

const NUMBER = /^-?[\d.]{1,9}$/
const LONGEST_SAID = 20

function lastPart(path: string): string {
  return path.split('.').at(-1) ?? path
}

/** The second line of a row: what is the matter without the name that stands above it, and whose claims they are. */
export function rowLine({
  title,
  subjectName,
  members,
}: Pick<ConflictSummary, 'title' | 'subjectName' | 'members'>): string {
  const line = withoutName(title, subjectName, members)
  const nodes = [...new Set(members.map(({ nodeName }) => nodeName))].filter((node) => !line.includes(node))
  return nodes.length === 0 ? line : `${line} · ${nodes.join(', ')}`
}

/** What is left begins a line, so it begins with a capital, but for a node's own name. A title that is about a node loses its name too. */
function withoutName(title: string, name: string, members: ConflictSummary['members']): string {
  const [start] = [`${name}: `, `${name} `].filter((each) => title.startsWith(each))
  if (start === undefined) return title
  const rest = title.slice(start.length)
  return members.some(({ nodeName }) => rest.startsWith(nodeName)) ? rest : rest.charAt(0).toUpperCase() + rest.slice(1)
}
