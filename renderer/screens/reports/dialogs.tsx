// What a steward does with a report: export it, sign another recommendation, remove it; and sign a brief of the own node.
import { Button, Textarea, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Recommendation } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { useAct } from '#ui/components/use-act.ts'
import { share } from '#ui/components/share-words.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import type { Brief, ReportView } from '#ui/store/reports-store.ts'
import { counted } from './report-words.ts'

export function ExportDialog({
  suggested,
  onClose,
  onCopy,
  onZip,
}: {
  readonly suggested: string
  readonly onClose: () => void
  readonly onCopy: (folder: string) => Promise<void>
  readonly onZip: () => Promise<void>
}) {
  const [folder, setFolder] = useState(suggested)
  const { busy, problem, run } = useAct()
  const shell = window.steward
  const choose = async () => {
    const picked = (await shell?.chooseFolder()) ?? null
    if (picked !== null) setFolder(picked)
  }
  return (
    <Dialog
      title="Export this report"
      opened
      onClose={onClose}
      size="lg"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} leftSection={<Icon name="download" size={15} />} onClick={() => run(onZip, onClose)}>
            Save as a zip
          </Button>
          <Button
            variant="filled"
            loading={busy}
            disabled={folder.trim() === ''}
            onClick={() => run(() => onCopy(folder.trim()), onClose)}
          >
            Copy to the folder
          </Button>
        </>
      }
    >
      <div className="rp-dialog">
        <p className="muted">
          The folder gets <span className="mono">_report/network/…</span> with <span className="mono">latest</span>, and
          the alerts as lines of <span className="mono">_bus/events/events.jsonl</span>, each once. No file says where
          on your machine it was written, or by whom.
        </p>
        <TextInput
          label="Folder"
          description="On the machine that your node runs on."
          placeholder="/home/you/evidence"
          value={folder}
          onChange={(event) => setFolder(event.currentTarget.value)}
          leftSection={<Icon name="folder" size={16} />}
          spellCheck={false}
        />
        {shell !== undefined && (
          <div>
            <Button onClick={() => void choose()}>Choose with the system’s dialog</Button>
          </div>
        )}
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </div>
    </Dialog>
  )
}

export function OverrideDialog({
  report,
  onClose,
  onSign,
}: {
  readonly report: ReportView
  readonly onClose: () => void
  readonly onSign: (verdict: Recommendation, reason: string) => Promise<void>
}) {
  const [reason, setReason] = useState('')
  const { busy, problem, run } = useAct()
  const { computed, reasons } = report.facts.recommendation
  const verdict: Recommendation = computed === 'go' ? 'no-go' : 'go'
  const { total } = report.facts.blockers
  return (
    <Dialog
      title={`Recommend ${verdict} all the same`}
      opened
      onClose={onClose}
      size="lg"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="filled"
            loading={busy}
            disabled={reason.trim() === ''}
            onClick={() => run(() => onSign(verdict, reason.trim()), onClose)}
          >
            {`Sign ${verdict}`}
          </Button>
        </>
      }
    >
      <div className="rp-dialog">
        <p>
          The report computes a <b>{computed}</b>. You will sign that you recommend a <b>{verdict}</b>
          {computed === 'no-go' && (
            <>
              {' '}
              although {counted(reasons.length, 'criterion is', 'criteria are')} not met and{' '}
              {counted(total, 'thing stands', 'things stand')} in the way
            </>
          )}
          .
        </p>
        <p className="sm muted">
          It covers exactly that: when another criterion fails, one gets worse, or another conflict waits, it lapses by
          itself. It stands in every report from then on, with your name and your reason.
        </p>
        <Textarea
          label="Reason"
          withAsterisk
          autosize
          minRows={3}
          maxRows={8}
          maxLength={4000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </div>
    </Dialog>
  )
}

export function RemoveDialog({
  onClose,
  onRemove,
}: {
  readonly onClose: () => void
  readonly onRemove: () => Promise<void>
}) {
  const { busy, problem, run } = useAct()
  return (
    <Dialog
      title="Remove this report?"
      opened
      onClose={onClose}
      size="sm"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Keep it
          </Button>
          <Button variant="filled" color="red" loading={busy} onClick={() => run(onRemove, onClose)}>
            Remove its files
          </Button>
        </>
      }
    >
      <div className="rp-dialog">
        <p>Its files are deleted from the data folder. Receipts and decisions stay; copies elsewhere stay.</p>
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </div>
    </Dialog>
  )
}

export function BriefDialog({
  onClose,
  onDraft,
  onSign,
}: {
  readonly onClose: () => void
  readonly onDraft: () => Promise<Brief>
  readonly onSign: (note: string) => Promise<void>
}) {
  const [brief, setBrief] = useState<Brief | null>(null)
  const [note, setNote] = useState('')
  const { busy, problem, run } = useAct()
  const [draftProblem, setDraftProblem] = useState<Problem | null>(null)

  // The checks are made once, when the dialog opens.
  useEffect(() => {
    let wanted = true
    onDraft().then(
      (drafted) => {
        if (wanted) setBrief(drafted)
      },
      (thrown: unknown) => {
        if (wanted) setDraftProblem(problemFrom(thrown))
      },
    )
    return () => {
      wanted = false
    }
  }, [onDraft])

  return (
    <Dialog
      title="Sign a brief"
      opened
      onClose={onClose}
      size="lg"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="filled"
            loading={busy}
            disabled={brief === null}
            onClick={() => run(() => onSign(note), onClose)}
          >
            Sign and publish
          </Button>
        </>
      }
    >
      <div className="rp-dialog">
        <p className="muted">A signed sentence on how your node stands, for the stewards of the others.</p>
        {draftProblem !== null && <ProblemPanel problem={draftProblem} compact />}
        {brief === null && draftProblem === null && <ListSkeleton rows={3} label="Making the checks" />}
        {brief !== null && <BriefFacts brief={brief} />}
        <TextInput
          label="Note"
          description="Optional; everybody in the network can read it."
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </div>
    </Dialog>
  )
}

function BriefFacts({ brief: { head, coverage, openConflicts, checks } }: { readonly brief: Brief }) {
  const { total, severity2, severity3 } = openConflicts
  return (
    <dl className="rp-facts">
      <dt>Head</dt>
      <dd className="num">{head === null ? 'nothing signed yet' : `receipt #${head.seq}`}</dd>
      <dt>Coverage</dt>
      <dd className="num">{share(coverage)}</dd>
      <dt>Open conflicts</dt>
      <dd className="num">
        {total === 0 ? 'none' : `${total}: ${severity3} proof of harm, ${severity2} waiting for a person`}
      </dd>
      <dt>Checks</dt>
      <dd>
        <Tag tone={checks.ok ? 'green' : 'red'}>{checks.ok ? 'all hold' : 'not all hold'}</Tag>{' '}
        {checks.failed.length > 0 && <DataText text={checks.failed.join(', ')} limit={300} />}
      </dd>
    </dl>
  )
}
