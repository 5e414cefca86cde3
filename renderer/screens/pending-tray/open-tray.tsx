// The decisions that are not signed yet: counting down, being signed, or stopped by a problem.
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { fileName } from '#core/contract/sentence.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Kbd } from '#ui/components/kbd.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { navigate } from '#ui/router.ts'
import { type ConflictsState, createConflictsStore } from '#ui/store/conflicts-store.ts'
import {
  createPendingStore,
  foldTray,
  lastUndoable,
  type PendingBatch,
  type PendingState,
  signedCount,
} from '#ui/store/pending-decisions.ts'
import type { Problem } from '#ui/store/problem.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './pending-tray.css'

const selectState = (state: PendingState) => state
const selectEdit = (state: ConflictsState) => state.edit
const selectStanding = (state: ConflictsState) => state.standing

export function OpenTray() {
  const pending = useSteward(createPendingStore, selectState)
  const edit = useSteward(createConflictsStore, selectEdit)
  const standing = useSteward(createConflictsStore, selectStanding)
  const nowMs = useCountdownClock()
  const [whole, setWhole] = useState(false)
  const { batches } = pending
  const newest = lastUndoable(batches)
  const { shown, folded } = foldTray(batches, whole)

  const undo = (batch: PendingBatch) => {
    const taken = pending.undo(batch.key)
    for (const { input, draft } of taken) if (draft !== null) edit(input.conflict, () => draft)
    const [first] = taken
    if (first !== undefined) navigate('conflicts', first.input.conflict)
  }
  const review = async (batch: PendingBatch) => {
    const stopped = batch.decisions.find((_, index) => batch.outcomes[index]?.state !== 'signed')
    pending.dismiss(batch.key)
    if (stopped === undefined) return
    const { subject, task, input, draft } = stopped
    const heir = await standing(subject, task).catch(() => null) // then the old view says what became of it
    const id = heir ?? input.conflict
    if (draft !== null) edit(id, () => draft)
    navigate('conflicts', id)
  }

  return (
    <section className="tray" aria-label="Decisions not signed yet">
      {folded > 0 && (
        <button className="tray-more link sm" onClick={() => setWhole(true)}>
          and {grouped(folded)} earlier that still count down
        </button>
      )}
      {shown.map((batch) => (
        <Batch
          key={batch.key}
          batch={batch}
          nowMs={nowMs}
          undoSeconds={pending.undoSeconds}
          hasUndoKey={batch.key === newest?.key}
          onUndo={() => undo(batch)}
          onSignNow={() => pending.sendNow(batch.key)}
          onStop={() => pending.stop(batch.key)}
          onRetry={() => pending.retry(batch.key)}
          onReview={() => void review(batch)}
          onDismiss={() => pending.dismiss(batch.key)}
        />
      ))}
    </section>
  )
}

interface BatchProps {
  readonly batch: PendingBatch
  readonly nowMs: number
  readonly undoSeconds: number
  readonly hasUndoKey: boolean
  readonly onUndo: () => void
  readonly onSignNow: () => void
  readonly onStop: () => void
  readonly onRetry: () => void
  readonly onReview: () => void
  readonly onDismiss: () => void
}

function Batch(props: BatchProps) {
  const { batch } = props
  switch (batch.stage.state) {
    case 'counting':
      return <Counting {...props} dueAt={batch.stage.dueAt} />
    case 'sending':
      return <Sending {...props} />
    case 'stopped':
      return <Stopped {...props} />
  }
}

function Counting({ batch, nowMs, undoSeconds, dueAt, hasUndoKey, onUndo, onSignNow }: BatchProps & { dueAt: number }) {
  const leftMs = Math.max(0, dueAt - nowMs)
  return (
    <div className="tray-batch" role="status">
      <div className="tray-line" style={{ scale: `${undoSeconds === 0 ? 0 : leftMs / (undoSeconds * 1000)} 1` }} />
      <div className="tray-what">{what(batch)}</div>
      <div className="tray-acts">
        <button className="link sm" onClick={onSignNow}>
          {/* Read out once, when it appears: a countdown spoken every second would drown everything else. */}
          Sign now<span aria-hidden> ({Math.ceil(leftMs / 1000)} s)</span>
        </button>
        <Button size="xs" onClick={onUndo} rightSection={hasUndoKey ? <Kbd>U</Kbd> : null}>
          Undo
        </Button>
      </div>
    </div>
  )
}

function Sending({ batch, onStop }: BatchProps) {
  const done = signedCount(batch)
  const all = batch.decisions.length
  return (
    <div className="tray-batch" role="status">
      <div className="tray-line" style={{ scale: `${done / all} 1` }} />
      <div className="tray-what">{what(batch)}</div>
      <div className="tray-acts">
        <span className="sm muted num">{all === 1 ? 'Signing…' : `${grouped(done)} of ${grouped(all)} signed`}</span>
        {all > 1 && (
          <Button size="xs" onClick={onStop}>
            Stop
          </Button>
        )}
      </div>
    </div>
  )
}

function Stopped({ batch, onRetry, onReview, onDismiss }: BatchProps) {
  const left = batch.decisions.length - signedCount(batch)
  const problem = firstProblem(batch)
  return (
    <div className="tray-batch" data-stopped>
      <div className="tray-what">
        {left === 1 ? 'Not signed: ' : `${grouped(left)} not signed: `}
        {what(batch)}
      </div>
      {problem !== null && <ProblemPanel problem={problem} compact />}
      <div className="tray-acts">
        <Button size="xs" variant="subtle" onClick={onDismiss}>
          Leave {left === 1 ? 'it' : 'them'} open
        </Button>
        {problem?.code !== 'CONFLICT_CHANGED' && (
          <Button size="xs" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Button size="xs" onClick={onReview}>
          Review again
        </Button>
      </div>
    </div>
  )
}

function what({ decisions }: PendingBatch) {
  const [only] = decisions
  if (decisions.length !== 1 || only === undefined) return <>{grouped(decisions.length)} decisions</>
  // However long the name of a subject is: what was decided about it is seen.
  const about = `For ${fileName(only.subject)}, `
  if (!only.sentence.startsWith(about)) return <DataText text={only.sentence} limit={240} />
  return (
    <>
      <span className="tray-name ellipsis" title={only.subject}>
        <DataText text={fileName(only.subject)} limit={240} />
      </span>
      <DataText text={only.sentence.slice(about.length)} limit={240} />
    </>
  )
}

function firstProblem(batch: PendingBatch): Problem | null {
  const failed = batch.outcomes.find((outcome) => outcome.state === 'failed')
  return failed?.state === 'failed' ? failed.problem : null
}

/** Four times a second, and only while something counts: finer than a second, so that none is skipped. */
function useCountdownClock(): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return nowMs
}
