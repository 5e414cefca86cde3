// Small numbers that stand for nodes and tasks in the indexes of the conflict list. They only rule out: a row that passes is looked
// at in full, so two that share a number cost a look-up and no mistake. They come from the text, so every node makes the same ones.
import type { NodeId } from '#core/contract/index.ts'

// Sums of distinct powers of two must stay exact integers in JavaScript and fit SQLite's.
const NODE_MARKS = 48

/** One bit out of 48. */
export function nodeMark(node: NodeId): number {
  return 2 ** (fnv1a(node) % NODE_MARKS)
}

export function nodeMarks(nodes: Iterable<NodeId>): number {
  let sum = 0
  for (const mark of new Set([...nodes].map(nodeMark))) sum += mark
  return sum
}

/** 32 bits; 0 stands for no task, and now and then for one. */
export function taskMark(task: string | null): number {
  return task === null ? 0 : fnv1a(task)
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function fnv1a(text: string): number {
  let state = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193)
  }
  return state >>> 0
}
