// The import sheet: what was dropped, what would become of it, then what became of it. Shows; the store does.
import { Button, Progress } from '@mantine/core'
import type { ReactNode } from 'react'
import type { BundleImport, BundlePreview, BundleReport } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { sizeWords } from '#ui/components/size-words.ts'
import type { Sending } from '#ui/store/bundle-store.ts'
import type { Problem } from '#ui/store/problem.ts'
import './bundles.css'
import { Nodes, Origins, Refusals } from './preview-tables.tsx'
import { Proofs } from './proofs.tsx'
import { counted, importWords, kindSentence, nothingNew, unitWords } from './words.ts'

interface ImportSheetProps {
  readonly sending: Sending | null
  readonly import: BundleImport | null
  readonly problem: Problem | null
  /** True while the key is locked: files without a feed cannot be signed for. */
  readonly locked: boolean
  readonly choose: ReactNode
  readonly onStart: () => void
  readonly onCancel: () => void
  readonly onHide: () => void
  readonly onShowConflicts: () => void
  readonly onShowReceipts: () => void
}

export function ImportSheet(props: ImportSheetProps) {
  const { sending, problem, onCancel, onHide } = props
  if (problem !== null) {
    return (
      <Sheet title="Import" onClose={onCancel} foot={<Button onClick={onCancel}>Close</Button>}>
        <ProblemPanel problem={problem} compact />
      </Sheet>
    )
  }
  if (sending !== null) {
    const { name, ...progress } = sending
    return (
      <Sheet title="Import" name={name} onClose={onHide} foot={<Running onCancel={onCancel} onHide={onHide} />}>
        <Bar what="Reading your files" {...progress} words={unitWords({ what: '', ...progress })} />
        <NothingYet />
      </Sheet>
    )
  }
  return props.import === null ? <Choose {...props} /> : <Step {...props} import={props.import} />
}

function Step(props: ImportSheetProps & { readonly import: BundleImport }) {
  const { onCancel, onHide, onStart, locked } = props
  const { name, step } = props.import
  switch (step.state) {
    case 'reading':
      return (
        <Sheet title="Import" name={name} onClose={onHide} foot={<Running onCancel={onCancel} onHide={onHide} />}>
          <Bar {...step.progress} words={unitWords(step.progress)} />
          <NothingYet />
        </Sheet>
      )
    case 'refused':
      return (
        <Sheet title="Not imported" name={name} onClose={onCancel} foot={<Button onClick={onCancel}>Close</Button>}>
          <p className="bundle-verdict" data-tone="bad">
            <Icon name="warning" size={18} />
            <span>
              <b>This bundle is not to be trusted.</b> Nothing of it was read, and nothing was written.
            </span>
          </p>
          <Refusals refusals={step.refusals} count={step.refusalCount} open />
        </Sheet>
      )
    case 'ready': {
      const { preview } = step
      const unsigned = preview.origins.length > 0 && locked
      const begin = importWords(preview)
      return (
        <Sheet
          title="Import"
          name={name}
          onClose={onCancel}
          foot={
            <>
              <span className="sm bundle-hint">
                {unsigned
                  ? 'Unlock first: what has no feed is signed for by you.'
                  : begin === null
                    ? 'Nothing was written.'
                    : 'Nothing is written yet.'}
              </span>
              <Button variant={begin === null ? 'default' : 'subtle'} onClick={onCancel}>
                {begin === null ? 'Close' : 'Cancel'}
              </Button>
              {begin !== null && (
                <Button variant="filled" data-autofocus disabled={unsigned} onClick={onStart}>
                  {begin}
                </Button>
              )}
            </>
          }
        >
          <Preview preview={preview} />
        </Sheet>
      )
    }
    case 'importing':
      return (
        <Sheet
          title="Importing"
          name={name}
          onClose={onHide}
          foot={<Running onCancel={step.canCancel ? onCancel : null} onHide={onHide} />}
        >
          <Bar {...step.progress} words={unitWords(step.progress)} />
          <p className="sm muted" role="status">
            {step.canCancel
              ? 'Nobody sees any of it before all of it is in. Cancelling leaves no trace.'
              : 'You kept signing meanwhile, so it goes in piece by piece now, and what is in stays.'}
          </p>
        </Sheet>
      )
    case 'done':
      return <Done {...props} name={name} preview={step.preview} report={step.report} />
    case 'cancelled':
      return (
        <Sheet title="Cancelled" name={name} onClose={onCancel} foot={<Button onClick={onCancel}>Close</Button>}>
          <p>Nothing was imported, and nothing of it was kept.</p>
        </Sheet>
      )
    case 'failed':
      return (
        <Sheet title="Not imported" name={name} onClose={onCancel} foot={<Button onClick={onCancel}>Close</Button>}>
          <ProblemPanel problem={step.problem} compact />
        </Sheet>
      )
  }
}

function Sheet({
  title,
  name,
  onClose,
  foot,
  children,
}: {
  readonly title: string
  readonly name?: string
  readonly onClose: () => void
  readonly foot: ReactNode
  readonly children: ReactNode
}) {
  return (
    <Dialog title={title} opened onClose={onClose} size="xl" foot={foot}>
      <div className="bundle">
        {name !== undefined && (
          <p className="bundle-name">
            <Icon name="folder" size={16} />
            <DataText text={name} limit={120} />
          </p>
        )}
        {children}
      </div>
    </Dialog>
  )
}

function Choose({ choose, onHide }: ImportSheetProps) {
  return (
    <Sheet title="Import" onClose={onHide} foot={<Button onClick={onHide}>Close</Button>}>
      <div className="bundle-choose">
        <Icon name="download" size={26} />
        <p className="strong">Drop a zip, a folder or files anywhere on this window</p>
        <p className="sm muted">
          A bundle from another steward, TEOF node directories or single receipts. You see what is in it before anything
          is written.
        </p>
        {choose}
      </div>
    </Sheet>
  )
}

function Running({ onCancel, onHide }: { readonly onCancel: (() => void) | null; readonly onHide: () => void }) {
  return (
    <>
      <Button variant="subtle" onClick={onHide}>
        Go on in the background
      </Button>
      {onCancel !== null && <Button onClick={onCancel}>Cancel</Button>}
    </>
  )
}

function NothingYet() {
  return <p className="sm muted">Nothing is written until you have seen what is in it.</p>
}

export function Bar({
  what,
  done,
  total,
  words,
}: {
  readonly what: string
  readonly done: number
  readonly total: number
  readonly words: string
}) {
  return (
    <div className="bundle-bar">
      <div className="bundle-bar-line">
        <span role="status">{what}</span>
        <span className="sm muted num">{words}</span>
      </div>
      <Progress value={total === 0 ? 0 : (done / total) * 100} aria-label={what} />
    </div>
  )
}

function Preview({ preview }: { readonly preview: BundlePreview }) {
  const { nodes, origins, proofs, proofCount, network, contents, refusals, refusalCount, foreign, ignored, adds } =
    preview
  const beside = [
    contents.count > 0 ? `${counted(contents.count, 'file')} of content, ${sizeWords(contents.sizeBytes)}` : null,
    foreign > 0 && preview.kinds.length > 0 ? `${counted(foreign, 'file')} that Steward does not know` : null,
    ignored > 0 ? `${counted(ignored, 'file')} left by the system` : null,
  ].filter((each) => each !== null)
  return (
    <>
      <p className="bundle-lead">{kindSentence(preview)}</p>
      {network !== null && !network.isOurs && (
        <p className="bundle-verdict" data-tone="warn">
          <Icon name="warning" size={18} />
          <span>
            <b>It belongs to another network</b>, “<DataText text={network.name} limit={64} />
            ”. Its nodes are not admitted here, so their receipts are not read.
          </span>
        </p>
      )}
      {nodes.length > 0 && <Nodes nodes={nodes} />}
      {origins.length > 0 && <Origins origins={origins} />}
      {proofs.length > 0 && <Proofs proofs={proofs} count={proofCount} />}
      {adds === 0 && refusalCount === 0 && <p className="muted">{nothingNew(preview)}</p>}
      {beside.length > 0 && <p className="sm muted">Beside that: {beside.join('; ')}.</p>}
      {refusalCount > 0 && <Refusals refusals={refusals} count={refusalCount} open={adds === 0} />}
    </>
  )
}

function Done({
  name,
  preview,
  report,
  onCancel,
  onShowConflicts,
  onShowReceipts,
}: ImportSheetProps & { readonly name: string; readonly preview: BundlePreview; readonly report: BundleReport }) {
  const merged = report.added + report.signed
  const rest = [
    report.known > 0 ? `${grouped(report.known)} known already` : null,
    report.withheld > 0 ? `${grouped(report.withheld)} wait behind a gap` : null,
    report.held > 0 ? `${grouped(report.held)} are held: their time is ahead of the clock` : null,
    report.refused > 0 ? `${grouped(report.refused)} refused and kept in quarantine` : null,
    report.contents > 0 ? `${counted(report.contents, 'file')} of content taken in` : null,
    preview.asks > 0
      ? `${counted(preview.asks, 'node')} ${preview.asks === 1 ? 'asks' : 'ask'} to join: compare the six words under Network, admit, then import again`
      : null,
  ].filter((each) => each !== null)
  return (
    <Sheet
      title="Imported"
      name={name}
      onClose={onCancel}
      foot={
        <>
          <Button variant="subtle" onClick={onCancel}>
            Close
          </Button>
          <Button onClick={onShowReceipts}>Show receipts</Button>
          {report.conflicts > 0 && (
            <Button variant="filled" data-autofocus onClick={onShowConflicts}>
              Review {counted(report.conflicts, 'conflict')}
            </Button>
          )}
        </>
      }
    >
      <p className="bundle-verdict" data-tone="good">
        <Icon name="check" size={18} />
        <span>
          <b>{merged === 0 ? 'Nothing new was merged.' : `${counted(merged, 'receipt')} merged.`}</b>{' '}
          {report.conflicts > 0
            ? `${counted(report.conflicts, 'conflict')} came with them.`
            : 'No conflict came with it.'}
        </span>
      </p>
      {rest.length > 0 && (
        <ul className="bundle-rest sm">
          {rest.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {preview.refusalCount > 0 && <Refusals refusals={preview.refusals} count={preview.refusalCount} open={false} />}
    </Sheet>
  )
}
