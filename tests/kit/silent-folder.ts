// The real folder adapter on a drive that does not answer until a test lets it: a network share that hangs, a disk that spins up.
import { setImmediate } from 'node:timers/promises'
import { nodeFolderAdapter, type FolderAdapter, type Timers } from '#core/exchange/index.ts'

export interface SilentFolder extends FolderAdapter, Disposable {
  /** Which paths get no answer. */
  isSilent: (path: string) => boolean
  /** Somebody waits for an answer. */
  isAsked(): boolean
  /** What was asked is answered, and whatever is asked from now on. */
  answer(): void
  /** What was asked below this folder is answered; `isSilent` stays as it is. */
  answerTo(folder: string): void
  /** As `answer`, but what was asked fails. */
  fail(error: Error): void
  /** Once nothing is under way any more. */
  idle(): Promise<void>
}

interface Asked {
  readonly path: string
  readonly go: () => void
  readonly fail: (error: Error) => void
}

/** Reading below `held` gets no answer; writing does. */
export function silentFolder(held: string): SilentFolder {
  const real = nodeFolderAdapter()
  let asked: readonly Asked[] = []
  const running = new Set<Promise<unknown>>()
  const after =
    <A extends [string, ...unknown[]], R>(ask: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      const [path] = args
      const turn = silent.isSilent(path)
        ? new Promise<void>((go, fail) => void (asked = [...asked, { path, go, fail }]))
        : Promise.resolve()
      const answer = turn.then(() => ask(...args))
      running.add(answer)
      const ended = () => void running.delete(answer)
      answer.then(ended, ended)
      return answer
    }
  const end = (how: (call: Asked) => void) => {
    silent.isSilent = () => false
    for (const call of asked) how(call)
    asked = []
  }
  const silent: SilentFolder = {
    ...real,
    read: after(real.read.bind(real)),
    list: after(real.list.bind(real)),
    stat: after(real.stat.bind(real)),
    isSilent: (path) => path.startsWith(held),
    isAsked: () => asked.length > 0,
    answer: () => end(({ go }) => go()),
    answerTo(folder) {
      for (const { path, go } of asked) if (path.startsWith(folder)) go()
      asked = asked.filter(({ path }) => !path.startsWith(folder))
    },
    fail: (error) => end(({ fail }) => fail(error)),
    async idle() {
      while (running.size > 0) await Promise.allSettled(running)
      await setImmediate()
    },
    [Symbol.dispose]: () => end(({ go }) => go()),
  }
  return silent
}

/** The machine's timers, but of nobody's patience is there any: who waits for so long at most has waited at once. */
export function timersWithout(patienceMs: number, timers: Timers): Timers {
  return {
    ...timers,
    setTimeout: (run, delayMs) => timers.setTimeout(run, delayMs === patienceMs ? 0 : delayMs),
  }
}
