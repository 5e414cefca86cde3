import { Button } from '@mantine/core'
import type { Problem } from '#ui/store/problem.ts'

/** A failure where it happened: what happened, what was kept, what to do. `compact` stands inside forms and rows. */
export function ProblemPanel({
  problem,
  onRetry,
  retryLabel = 'Try again',
  compact = false,
}: {
  readonly problem: Problem
  readonly onRetry?: (() => void) | undefined
  readonly retryLabel?: string
  readonly compact?: boolean
}) {
  return (
    <div className="problem" data-compact={compact || undefined} role="alert">
      <div className="problem-title">{problem.happened}</div>
      <dl>
        <dt>Kept</dt>
        <dd>{problem.kept}</dd>
        <dt>What to do</dt>
        <dd>{problem.remedy}</dd>
      </dl>
      <div className="problem-foot">
        {onRetry !== undefined && <Button onClick={onRetry}>{retryLabel}</Button>}
        <span className="xs faint mono">{problem.code}</span>
      </div>
    </div>
  )
}
