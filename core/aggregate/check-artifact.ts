// A systemic receipt states the hash of another file of its node: looked up and compared, and never outside of the node's folder.
import { finding, pathWithin, TEOF_LIMITS, type Finding, type StatedArtifact } from '#core/teof/index.ts'
import { isBelow, type FileReader } from './read-file-adapter.ts'

/** What is wrong with the artifact that the receipt at `path` states; null where its hash holds. */
export function checkArtifact(
  folder: string,
  path: string,
  artifact: StatedArtifact,
  reader: FileReader,
): Finding | null {
  const within = pathWithin('', artifact.path)
  if (within === null)
    return missing(path, 'names an artifact that cannot lie in the node directory; no file was opened for it.')
  const read = isBelow(folder, within)
    ? reader.hash(folder, within, TEOF_LIMITS.capsuleFileBytes)
    : ({ outcome: 'missing' } as const)
  switch (read.outcome) {
    case 'hashed':
      return read.sha256 === artifact.sha256 ? null : differs(path, within, artifact.sha256, read.sha256)
    case 'missing':
      return missing(path, `states the hash of ${within}, and the node directory holds no such file.`)
    case 'too-large':
      return missing(path, `states the hash of ${within}, which is too large to be checked (${read.sizeBytes} bytes).`)
    case 'failed':
      return missing(path, `states the hash of ${within}, which could not be read: ${read.why}.`)
  }
}

function differs(path: string, artifact: string, stated: string, found: string): Finding {
  return finding(
    'stated-hash-differs',
    path,
    `${path} says that ${artifact} hashes to ${stated}, but it hashes to ${found}.`,
    'The artifact was changed after the receipt was written: ask the node for both as they were.',
  )
}

function missing(path: string, what: string): Finding {
  return finding(
    'artifact-missing',
    path,
    `${path} ${what}`,
    'Its hash was not checked; ask the node for the artifact if it matters here.',
  )
}
