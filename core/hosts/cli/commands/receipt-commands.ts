// sign: one receipt, from JSON or from a file.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { SignInput } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { CoreClient } from '../../thread/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { example } from '../help.ts'
import { parseJsonOption } from '../json-option.ts'
import { shortId } from '../layout.ts'
import { withKey } from '../passphrase.ts'

interface SignOptions {
  readonly kind: string
  readonly subject: string
  readonly task?: string
  readonly body?: string
  readonly file?: string
}

export function addReceiptCommands(program: Command, runner: Runner): void {
  program
    .command('sign')
    .summary('sign a receipt')
    .description(
      'Signs one receipt as the next of this node’s feed. It is published with the next `sync`, or at once where `serve` runs.',
    )
    .requiredOption('--kind <kind>', 'such as evidence/observed')
    .requiredOption('--subject <subject>', 'what it is about, usually a path')
    .option('--task <task>', 'the task it belongs to')
    .addOption(new Option('--body <json>', 'what it says, as JSON').conflicts('file'))
    .addOption(new Option('--file <path>', 'the content it is evidence of; kept by its hash').conflicts('body'))
    .addHelpText('after', example(`sign --kind evidence/observed --subject reports/usage.json --body '{"value": 42}'`))
    .action(runner.answers(sign))
}

async function sign(context: CliContext, options: SignOptions): Promise<Answer> {
  const { kind, subject, task = null, body, file } = options
  return withNode(context, async ({ client }) =>
    withKey(context, client, async () => {
      const content = await contentOf(context, client, body, file)
      const signed = await client.receipts.sign({ kind, subject, task, anchor: null, content })
      return { json: signed, text: `Signed receipt ${signed.seq}: ${shortId(signed.id)}\n` }
    }),
  )
}

async function contentOf(
  { terminal }: CliContext,
  client: CoreClient,
  body: string | undefined,
  file: string | undefined,
): Promise<SignInput['content']> {
  if (body !== undefined) return { type: 'body', body: parseJsonOption('--body', body) }
  if (file !== undefined) return uploadFile(client, resolve(terminal.cwd, file))
  throw new StewardError({
    code: 'USAGE',
    happened: 'A receipt says something: --body or --file is missing.',
    kept: 'Nothing was signed.',
    remedy: 'Give the JSON with --body <json>, or the content with --file <path>.',
  })
}

/** Base64 of a piece and its envelope stay below the limit of a message. */
const PIECE_BYTES = 384 * 1024

async function uploadFile(client: CoreClient, path: string): Promise<SignInput['content']> {
  const file = openFile(path)
  try {
    const { upload } = await client.uploads.begin({ sizeBytes: fstatSync(file).size })
    const piece = Buffer.alloc(PIECE_BYTES)
    for (let offset = 0; ;) {
      const read = readSync(file, piece, 0, PIECE_BYTES, offset)
      if (read === 0) break
      await client.uploads.piece({ upload, offset, base64: piece.subarray(0, read).toString('base64') })
      offset += read
    }
    return { type: 'upload', upload, name: basename(path) }
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number {
  try {
    // Asked before it is opened: a pipe would wait for somebody to write.
    if (statSync(path).isFile()) return openSync(path, 'r')
  } catch (cause) {
    throw unreadable(`The file ${path} cannot be read.`, 'Check its path and who may read it.', cause)
  }
  throw unreadable(`${path} is no file.`, 'Name one file; a folder is taken by `steward import`.')
}

function unreadable(happened: string, remedy: string, cause?: unknown): StewardError {
  return new StewardError({ code: 'FILE_UNREADABLE', happened, kept: 'Nothing was signed.', remedy, cause })
}
