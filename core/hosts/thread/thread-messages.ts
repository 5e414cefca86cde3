// The few words that the host and the core's thread say to each other; frames go over ports of their own.
import type { MessagePort } from 'node:worker_threads'
import type { Problem } from '#core/problem/index.ts'

/** What the thread is started with. */
export interface CoreThreadSettings {
  readonly home: string
  readonly host: 'desktop' | 'browser'
  readonly version: string
  /** True where the host can seal the key; the thread then asks it to. */
  readonly keychain: boolean
}

export type ToCore =
  | { readonly type: 'connect'; readonly port: MessagePort }
  | { readonly type: 'stop' }
  | { readonly type: 'sealed'; readonly call: number; readonly answer: KeychainAnswer }

export type FromCore =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'stopped' }
  | { readonly type: 'seal'; readonly call: number; readonly way: 'seal' | 'open'; readonly bytes: Uint8Array }

export type KeychainAnswer =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly reseal: boolean }
  | { readonly ok: false; readonly problem: Problem }
