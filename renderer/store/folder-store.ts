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
  readonly browse: (folder: string | null) => Promise<void>
  readonly pick: (folder: string) => void
  /** Makes it the exchange folder; the problem where it could not be, null where it is. */
  readonly choose: () => Promise<Problem | null>
}

/** A folder is asked about this long after the last letter. */
const PAUSE_MS = 200

export function createFolderStore(api: Api): StoreApi<FolderState> {
  return createStore<FolderState>((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined

    const probe = async (folder: string) => {
      const answer = await ask(() => api.exchange.probe({ folder }))
      if (get().folder === folder) set({ probe: answer })
    }
    return {
      folder: '',
      listing: LOADING,
      probe: null,
      browse: async (folder) => {
        const listing = await ask(() => api.exchange.browse({ folder }))
        // A folder that cannot be listed leaves the list where it was; what is the matter is said beside it.
        set({ listing })
        if (listing.state === 'ready' && folder !== null) get().pick(listing.value.folder)
      },
      pick: (folder) => {
        clearTimeout(timer)
        if (folder === get().folder) return
        set({ folder, probe: folder.trim() === '' ? null : LOADING })
        if (folder.trim() !== '') timer = setTimeout(() => void probe(folder), PAUSE_MS)
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
