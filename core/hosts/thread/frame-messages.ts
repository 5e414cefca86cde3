// What a frame must be before oRPC is given it: one of the two messages that a face sends, in the form in which oRPC writes them.
import * as z from 'zod'
import type { Frame } from './frames.ts'

const Id = z.string().max(64)

/** What is asked, and with what; input is judged by the contract. Files never travel so, and what would make one of a body is refused. */
const Question = z.object({
  i: Id,
  t: z.literal(1).optional(),
  p: z.object({
    u: z
      .string()
      .max(2048)
      .regex(/^(\/[A-Za-z0-9_-]+)+\/?$/),
    m: z.literal('POST').optional(),
    h: z.record(z.string().max(64), z.union([z.string().max(1024), z.array(z.string().max(1024)).max(16)])).optional(),
    b: z.unknown(),
  }),
})

/** That nobody waits for the answer any more. */
const Abort = z.object({ i: Id, t: z.literal(4) })

const FILE_HEADERS = ['content-type', 'content-disposition']

export function isMessage(frame: Frame): boolean {
  const message = z.union([Question, Abort]).safeParse(parsed(frame))
  if (!message.success) return false
  if (message.data.t === 4) return true
  const headers = message.data.p.h ?? {}
  return FILE_HEADERS.every((name) => headers[name] === undefined)
}

function parsed(frame: Frame): unknown {
  try {
    return JSON.parse(typeof frame === 'string' ? frame : new TextDecoder('utf-8', { fatal: true }).decode(frame))
  } catch {
    return null
  }
}
