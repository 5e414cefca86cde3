// Signing a receipt by hand: the form, what the kinds claim, the anchors there are, and the way of a file to the core.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ContentHash, ReceiptId, ReceiptSummary } from '#core/contract/index.ts'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'
import { asking, LOADING, type Resource } from './resource.ts'
import { EMPTY_FORM, type SignForm, signReadiness } from './sign-form.ts'
import { UploadCancelledError, uploadFile } from './upload.ts'

export type KindItem = Awaited<ReturnType<Api['receipts']['kinds']>>['items'][number]

/** An anchor that a receipt may be issued under. */
export interface AnchorChoice {
  readonly hash: ContentHash
  readonly label: string
  readonly nodeName: string
  readonly time: string
}

export type Signing =
  | { readonly state: 'idle' }
  | { readonly state: 'uploading'; readonly sentBytes: number; readonly sizeBytes: number }
  | { readonly state: 'signing' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'signed'; readonly id: ReceiptId; readonly seq: number }

export interface SignState {
  readonly form: SignForm
  readonly signing: Signing
  readonly kinds: Resource<readonly KindItem[]>
  readonly anchors: Resource<readonly AnchorChoice[]>
  /** Asks what may be signed; the form stays as it was left, but for what the way here brings along. */
  readonly open: (brought?: Partial<SignForm>) => void
  /** Asks once more, after it could not be said. */
  readonly retry: () => void
  readonly write: (part: Partial<SignForm>) => void
  readonly sign: () => Promise<void>
  /** Stops a file on its way; nothing of it is kept. */
  readonly cancel: () => void
  /** A form for the next one, with nothing in it but what the way here brought along. */
  readonly startOver: () => void
}

const ANCHORS_SHOWN = 12

export function createSignStore(api: Api): StoreApi<SignState> {
  return createStore<SignState>()((set, get) => {
    const kinds = asking<readonly KindItem[]>(
      async () => (await api.receipts.kinds({})).items,
      () => get().kinds,
      (answer) => set({ kinds: answer }),
    )
    const anchors = asking<readonly AnchorChoice[]>(
      async () => {
        const filter = { kind: 'governance/anchor' }
        const { items } = await api.receipts.list({ filter, sort: 'newest', limit: ANCHORS_SHOWN })
        const choices = await Promise.all(
          items.filter(({ state }) => state === 'merged').map((item) => anchorChoice(api, item)),
        )
        return choices.filter((choice) => choice !== null)
      },
      () => get().anchors,
      (answer) => set({ anchors: answer }),
    )
    let stopping = new AbortController()
    let brought: Partial<SignForm> = {}
    const retry = () => {
      void kinds.ask()
      void anchors.ask()
    }

    const send = async (): Promise<Signing> => {
      const ready = signReadiness(get().form)
      if (!ready.ready) return { state: 'idle' }
      if ('body' in ready) {
        set({ signing: { state: 'signing' } })
        const content = { type: 'body', body: ready.body } as const
        return { state: 'signed', ...(await api.receipts.sign({ ...ready.draft, content })) }
      }
      const { file, draft } = ready
      stopping = new AbortController()
      const progress = (sentBytes: number) => set({ signing: { state: 'uploading', sentBytes, sizeBytes: file.size } })
      progress(0)
      const upload = await uploadFile(api, file, progress, stopping.signal)
      set({ signing: { state: 'signing' } })
      const content = { type: 'upload', upload, name: file.name } as const
      return { state: 'signed', ...(await api.receipts.sign({ ...draft, content })) }
    }

    return {
      form: EMPTY_FORM,
      signing: { state: 'idle' },
      kinds: LOADING,
      anchors: LOADING,
      open: (part = {}) => {
        const { form, signing } = get()
        const isSigned = signing.state === 'signed'
        const left = isSigned ? EMPTY_FORM : withoutBrought(form, brought)
        brought = part
        retry()
        set({ form: { ...left, ...brought }, ...(isSigned ? { signing: { state: 'idle' } } : {}) })
      },
      retry,
      write: (part) =>
        set((state) => ({
          form: { ...state.form, ...part },
          signing: state.signing.state === 'failed' ? { state: 'idle' } : state.signing,
        })),
      sign: async () => {
        const { state } = get().signing
        // A second press while the first is under way would sign twice.
        if (state === 'signing' || state === 'uploading') return
        try {
          set({ signing: await send() })
        } catch (thrown) {
          set({
            signing:
              thrown instanceof UploadCancelledError
                ? { state: 'idle' }
                : { state: 'failed', problem: problemFrom(thrown) },
          })
        }
      },
      cancel: () => stopping.abort(),
      startOver: () => set({ form: { ...EMPTY_FORM, ...brought }, signing: { state: 'idle' } }),
    }
  })
}

/** What an earlier way here filled in, and nobody changed since, is not for what is signed next. */
function withoutBrought(form: SignForm, brought: Partial<SignForm>): SignForm {
  const { task, way, plan, step } = brought
  return {
    ...form,
    ...(task !== undefined && form.task === task ? { task: EMPTY_FORM.task } : {}),
    ...(way !== undefined && form.way === way ? { way: EMPTY_FORM.way } : {}),
    ...(plan !== undefined && form.plan === plan ? { plan: EMPTY_FORM.plan } : {}),
    ...(step !== undefined && form.step === step ? { step: EMPTY_FORM.step } : {}),
  }
}

async function anchorChoice(api: Api, { id, nodeName, time }: ReceiptSummary): Promise<AnchorChoice | null> {
  const { body } = await api.receipts.get({ id })
  if (body === null || typeof body !== 'object' || !('hash' in body)) return null
  const { hash, label } = body as { readonly hash?: unknown; readonly label?: unknown } // read as unknown, judged below
  if (typeof hash !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(hash)) return null
  // The pattern above is ContentHash's own.
  return { hash: hash as ContentHash, label: typeof label === 'string' ? label : hash.slice(7, 15), nodeName, time }
}
