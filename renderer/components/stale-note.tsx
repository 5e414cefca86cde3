import { Button } from '@mantine/core'
import type { Problem } from '#ui/store/problem.ts'
import './stale-note.css'

/** Stands above an answer that could not be asked again: what is shown is the last one. */
export function StaleNote({ problem, onRetry }: { readonly problem: Problem | null; readonly onRetry: () => void }) {
  if (problem === null) return null
  return (
    <div className="stale-note" role="status">
      <span>
        <b>This is the last answer; asking again failed.</b> {problem.happened}
      </span>
      <Button size="xs" onClick={onRetry}>
        Ask again
      </Button>
    </div>
  )
}
