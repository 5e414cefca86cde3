// The one event stream: the live counters, the exchange's state, and for every store the word that it should ask again.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Counters, ExchangeView, Topic } from '#core/contract/index.ts'
import type { Changes, Connection, ConnectionState } from './api.ts'

export interface LiveState {
  /** Null until the first event. */
  readonly counters: Counters | null
  readonly exchange: ExchangeView | null
}

export interface Live extends Changes {
  readonly state: StoreApi<LiveState>
  readonly stop: () => void
}

const EVERYTHING: readonly Topic[] = [
  'app',
  'conflicts',
  'receipts',
  'network',
  'exchange',
  'bundles',
  'reports',
  'settings',
]

/**
 * Follows the node's changes for as long as the page lives; after a lost connection every topic counts as changed. It asks for them before
 * it returns: whoever asks the node something after that is told of whatever changes behind the answer.
 */
export function followChanges(connection: Connection): Live {
  const state = createStore<LiveState>(() => ({ counters: null, exchange: null }))
  const listeners = new Map<Topic, Set<() => void>>(EVERYTHING.map((topic) => [topic, new Set<() => void>()]))
  const stopping = new AbortController()

  const tell = (topics: readonly Topic[]) => {
    // A listener of several topics is called once.
    for (const listener of new Set(topics.flatMap((topic) => [...(listeners.get(topic) ?? [])]))) listener()
  }
  void follow(
    connection,
    stopping.signal,
    ({ topics, counters, exchange }) => {
      state.setState({ counters, exchange })
      tell(topics)
    },
    () => tell(EVERYTHING),
  )

  return {
    state,
    stop: () => stopping.abort(),
    on: (topics, listener) => {
      for (const topic of topics) listeners.get(topic)?.add(listener)
      return () => {
        for (const topic of topics) listeners.get(topic)?.delete(listener)
      }
    },
  }
}

type Event = LiveState & { readonly topics: readonly Topic[] }

async function follow(
  { api, status }: Connection,
  signal: AbortSignal,
  onEvent: (event: Event) => void,
  onReturn: () => void,
): Promise<void> {
  for (let first = true; !signal.aborted; first = false) {
    try {
      if (!first) await opened(status, signal)
      const events = api.app.changes({}, { signal })
      if (!first) onReturn()
      await readEvents(await events, onEvent)
    } catch {
      // The stream ended with its connection. Whoever looks sees the connection's state; here only: not in a tight loop.
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}

async function readEvents(events: AsyncIterable<Event>, onEvent: (event: Event) => void): Promise<void> {
  let first = true
  for await (const event of events) {
    // The first one says how things stand and names every topic. Whatever this page knows it asked for behind it.
    onEvent(first ? { ...event, topics: [] } : event)
    first = false
  }
}

function opened(status: StoreApi<ConnectionState>, signal: AbortSignal): Promise<void> {
  if (status.getState().state === 'open') return Promise.resolve()
  return new Promise((resolve) => {
    const leave = status.subscribe((now) => {
      if (now.state === 'open') finish()
    })
    const finish = () => {
      leave()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    signal.addEventListener('abort', finish)
  })
}
