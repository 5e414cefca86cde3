// export <receipt or conflict> --to <file>: one thing as a file that convinces somebody who has nothing of Steward.
import { resolve } from 'node:path'
import type { ProofForm } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import { findByDigits, SHORTEST, type ReceiptOrConflict } from '../abbreviations.ts'
import type { Answer, CliContext } from '../context.ts'
import { withNode } from '../context.ts'
import { plain, shortId } from '../layout.ts'
import { writeNewFile } from '../new-file-adapter.ts'

export interface ProofOptions {
  readonly to?: string
  readonly html?: boolean
}

/** `text`: an id or the beginning of one. */
export async function exportProof(context: CliContext, text: string, options: ProofOptions): Promise<Answer> {
  const { to } = options
  if (to === undefined) throw noFile()
  const path = resolve(context.terminal.cwd, to)
  const form: ProofForm = options.html === true || /\.html?$/i.test(path) ? 'html' : 'json'
  return withNode(context, async ({ client }) => {
    const found = await findProvable(client, text)
    const proof = await (found.type === 'receipt'
      ? client.receipts.proof({ id: found.id, form })
      : client.conflicts.proof({ id: found.id, form }))
    writeNewFile(path, proof.text)
    return {
      json: { path, form, type: found.type, id: found.id, sentence: proof.sentence },
      text: `${plain(proof.sentence)}\nWrote the proof of ${found.type} ${shortId(found.id)} to ${path}\n`,
    }
  })
}

async function findProvable(client: CoreClient, text: string): Promise<ReceiptOrConflict> {
  const found = await findByDigits(client, text)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const count = found.length
  throw new StewardError({
    code: count === 0 ? 'NOT_FOUND' : 'AMBIGUOUS',
    happened:
      count === 0 ? `No receipt or conflict is named ${text}.` : `${count} receipts or conflicts are named ${text}.`,
    kept: 'Nothing was written.',
    remedy: `Give more of its id: \`steward conflicts\` and \`steward receipts\` list them; at least ${SHORTEST} digits are needed.`,
  })
}

function noFile(): StewardError {
  return new StewardError({
    code: 'USAGE',
    happened: 'Where the proof is to be written is missing.',
    kept: 'Nothing was written.',
    remedy: 'Name a new file with --to <file>; one that ends in .html becomes a page that checks itself.',
  })
}
