// What a conflict is about, as a person reads it: where it concerns a feed its subject is a node's id, which is told by the node's name.
import { NodeId, type ConflictSummary } from '#core/contract/index.ts'
import { plain, shortId } from './layout.ts'

export function subjectWords({
  subject,
  subjectName,
  task,
}: Pick<ConflictSummary, 'subject' | 'subjectName' | 'task'>): string {
  const what = NodeId.safeParse(subject).success ? `${subjectName} (${shortId(subject)})` : subject
  return plain(task === null ? what : `${what} (${task})`)
}
