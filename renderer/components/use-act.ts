// One command at a time: busy while it runs, its problem where it failed.
import { useState } from 'react'
import { problemFrom, type Problem } from '#ui/store/problem.ts'

export interface Act {
  readonly busy: boolean
  readonly problem: Problem | null
  /** Runs the command; `then` only where it was done. */
  readonly run: (command: () => Promise<unknown>, then: () => void) => void
}

export function useAct(): Act {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const act = async (command: () => Promise<unknown>, then: () => void) => {
    setBusy(true)
    setProblem(null)
    try {
      await command()
      setBusy(false)
      then()
    } catch (thrown) {
      setProblem(problemFrom(thrown))
      setBusy(false)
    }
  }
  return { busy, problem, run: (command, then) => void act(command, then) }
}
