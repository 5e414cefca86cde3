// Choosing an exchange folder: looking round in folders, and what choosing one would mean.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'
import { LOADING, type Resource } from './resource.ts'

export type Listing = Awaited<ReturnType<Api['exchange']['browse']>>
export type Probe = Awaited<ReturnType<Api['exchange']['probe']>>

export interface FolderState {
  /** The folder as it is typed or picked; empty while none is. */
  readonly folder: string
  readonly listing: Resource<Listing>
  /** What choosing `folder` would mean; null while it was not asked. */
  readonly probe: Resource<Probe> | null
  /** Goes to a folder and says at once what choosing it would mean; null lists where looking round begins. */
  readonly browse: (folder: string | null) => Promise<void>
  /** Takes what is typed; after a pause the list follows and the folder is asked about. */
  readonly pick: (folder: string) => void
  /** Makes it the exchange folder; the problem where it could not be, null where it is. */
  readonly choose: () => Promise<Problem | null>
}

/** A folder is asked about this long after the last letter. */
const PAUSE_MS = 200

export function createFolderStore(api: Api): StoreApi<FolderState> {
  return createStore<FolderState>((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let asked = 0

    const list = async (folder: string | null) => {
      const mine = ++asked
      const listing = await ask(() => api.exchange.browse({ folder }))
      const isNewest = mine === asked
      // A folder that cannot be listed leaves the list where it was: what is the matter with it is said beside it, once.
      const { state } = get().listing
      if (state === 'ready' ? isNewest && listing.state === 'ready' : folder === null || listing.state === 'ready')
        set({ listing })
      return { listing, isNewest }
    }
    const probe = async (folder: string) => {
      const answer = await ask(() => api.exchange.probe({ folder }))
      if (get().folder === folder) set({ probe: answer })
    }
    return {
      folder: '',
      listing: LOADING,
      probe: null,
      browse: async (wanted) => {
        clearTimeout(timer)
        const { listing, isNewest } = await list(wanted)
        if (wanted === null || !isNewest) return
        const folder = listing.state === 'ready' ? listing.value.folder : wanted
        // What is known of the folder stays until it is known anew.
        set((state) => ({ folder, probe: state.folder === folder ? (state.probe ?? LOADING) : LOADING }))
        await probe(folder)
      },
      pick: (folder) => {
        // The question about it is on its way, or answered.
        if (folder === get().folder) return
        clearTimeout(timer)
        asked++
        set({ folder, probe: folder.trim() === '' ? null : LOADING })
        if (folder.trim() === '') return
        timer = setTimeout(() => {
          void probe(folder)
          void list(folder)
        }, PAUSE_MS)
      },
      choose: async () => {
        try {
          await api.exchange.choose({ folder: get().folder })
          return null
        } catch (thrown) {
          return problemFrom(thrown)
        }
      },
    }
  })
}

async function ask<T>(question: () => Promise<T>): Promise<Resource<T>> {
  try {
    return { state: 'ready', value: await question(), problem: null }
  } catch (thrown) {
    return { state: 'failed', problem: problemFrom(thrown) }
  }
}

/** Whether a probed folder may be chosen. */
export function isUsable(probe: Resource<Probe> | null): probe is Extract<Resource<Probe>, { state: 'ready' }> {
  return probe?.state === 'ready' && probe.value.exists && probe.value.writable && probe.value.problem === null
}
