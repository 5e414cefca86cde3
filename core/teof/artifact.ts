// A systemic receipt states the hash of another file of its node. Here is what follows from that file; who reads it sees to it that
// the path (`pathWithin`) does not lead out of the node's folder.
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import type { StatedArtifact } from './judge-file.ts'

/** What became of the file at the stated path. */
export type ArtifactFound =
  | { readonly outcome: 'hashed'; readonly sha256: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'too-large'; readonly sizeBytes: number }
  /** `why` continues "could not be read: …". */
  | { readonly outcome: 'failed'; readonly why: string }
  /** Not looked for: the path leads out of the node's folder. */
  | { readonly outcome: 'outside' }

/** What is wrong with the artifact that the receipt at `path` states; null where its hash holds. */
export function judgeArtifact(path: string, artifact: StatedArtifact, found: ArtifactFound): Finding | null {
  switch (found.outcome) {
    case 'hashed':
      return found.sha256 === artifact.sha256 ? null : differs(path, artifact, found.sha256)
    case 'missing':
      return missing(path, `states the hash of ${artifact.path}, and the node directory holds no such file.`)
    case 'too-large':
      return missing(
        path,
        `states the hash of ${artifact.path}, which is too large to be checked (${found.sizeBytes} bytes).`,
      )
    case 'failed':
      return missing(path, `states the hash of ${artifact.path}, which could not be read: ${found.why}.`)
    case 'outside':
      return missing(path, 'names an artifact that cannot lie in the node directory; no file was opened for it.')
  }
}

function differs(path: string, artifact: StatedArtifact, found: string): Finding {
  return finding(
    'stated-hash-differs',
    path,
    `${path} says that ${artifact.path} hashes to ${artifact.sha256}, but it hashes to ${found}.`,
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
