// Asks a running browser host for a fresh address of its page, with the token from running.json.
import * as z from 'zod'
import type { RunningFile } from './running-file-adapter.ts'

const Minted = z.object({ token: z.string() })

/** Null where nobody answers there any more, or somebody who does not know the token. */
export async function requestStartToken({ url, controlToken }: RunningFile): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/start-token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
      body: '{}',
      redirect: 'error',
    })
    if (!answer.ok) return null
    return `${url}/#token=${Minted.parse(await answer.json()).token}`
  } catch {
    return null
  }
}
