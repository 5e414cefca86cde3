// The artifact of a systemic receipt, looked up below its node's folder and nowhere else.
import { judgeArtifact, pathWithin, TEOF_LIMITS, type Finding, type StatedArtifact } from '#core/teof/index.ts'
import type { FileReader } from './read-file-adapter.ts'

/** What is wrong with the artifact that the receipt at `path` states; null where its hash holds. */
export function checkArtifact(
  folder: string,
  path: string,
  artifact: StatedArtifact,
  reader: FileReader,
): Finding | null {
  const within = pathWithin('', artifact.path)
  if (within === null) return judgeArtifact(path, artifact, { outcome: 'outside' })
  // The path as it is resolved is what was looked for, and what is told.
  const resolved = { ...artifact, path: within }
  if (!reader.isBelow(folder, within)) return judgeArtifact(path, resolved, { outcome: 'missing' })
  return judgeArtifact(path, resolved, reader.hash(folder, within, TEOF_LIMITS.capsuleFileBytes))
}
