import { Button } from '@mantine/core'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { saveTextFile } from '#ui/components/save-file.ts'
import { Tag } from '#ui/components/tag.tsx'
import {
  createDiagnosticsStore,
  type Diagnostics,
  type DiagnosticsState,
  type Findings,
} from '#ui/store/diagnostics-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { Row } from './row.tsx'

const selectState = (state: DiagnosticsState) => state

export function DiagnosticsSettings() {
  const { doctor, diagnostics, runDoctor, prepare, dismiss } = useSteward(createDiagnosticsStore, selectState)
  return (
    <Card title="Checks and diagnostics">
      <Row
        label="Check the ledger"
        note="Rebuilds everything that is shown from the receipts beside the ledger and compares. Nothing is changed."
      >
        <Button loading={doctor.state === 'running'} onClick={() => void runDoctor()}>
          Run the check
        </Button>
      </Row>
      {doctor.state === 'failed' && <ProblemPanel problem={doctor.problem} compact onRetry={() => void runDoctor()} />}
      {doctor.state === 'done' && <FindingsView findings={doctor.value} />}
      <Row
        label="Diagnostics file"
        note="For a report to the makers. No key, no phrase, no content; you read it before it is saved."
      >
        <Button loading={diagnostics.state === 'running'} onClick={() => void prepare()}>
          See what it holds
        </Button>
      </Row>
      {diagnostics.state === 'failed' && (
        <ProblemPanel problem={diagnostics.problem} compact onRetry={() => void prepare()} />
      )}
      {diagnostics.state === 'done' && <DiagnosticsDialog diagnostics={diagnostics.value} onClose={dismiss} />}
    </Card>
  )
}

function FindingsView({ findings }: { readonly findings: Findings }) {
  const wrong = findings.checks.filter(({ ok }) => !ok)
  return (
    <div className="findings" role="status">
      <div>
        {findings.ok ? <Tag tone="green">In order</Tag> : <Tag tone="red">Not in order</Tag>}{' '}
        <span className="sm muted num">
          {`${grouped(findings.checks.length - wrong.length)} of ${grouped(findings.checks.length)} checks hold.`}
        </span>
      </div>
      {wrong.length > 0 && <Checks checks={wrong} />}
      <details>
        <summary className="link sm">Every check</summary>
        <Checks checks={findings.checks} />
      </details>
    </div>
  )
}

function Checks({ checks }: { readonly checks: Findings['checks'] }) {
  return (
    <ul>
      {checks.map((check) => (
        <li key={check.name} data-ok={check.ok || undefined}>
          <Icon name={check.ok ? 'check' : 'warning'} size={15} />
          <div>
            <span className="strong">{check.name}</span>{' '}
            <span className="muted">
              <DataText text={check.detail} />
            </span>
            {!check.ok && check.expected !== undefined && (
              <div className="xs mono faint">
                expected <DataText text={check.expected} limit={200} />
              </div>
            )}
            {!check.ok && check.found !== undefined && (
              <div className="xs mono faint">
                found <DataText text={check.found} limit={200} />
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

function DiagnosticsDialog({
  diagnostics,
  onClose,
}: {
  readonly diagnostics: Diagnostics
  readonly onClose: () => void
}) {
  return (
    <Dialog
      title="What the diagnostics file holds"
      opened
      onClose={onClose}
      size="xl"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Do not save it
          </Button>
          <Button
            variant="filled"
            leftSection={<Icon name="download" size={15} />}
            onClick={() => {
              saveTextFile(diagnostics.fileName, diagnostics.text)
              onClose()
            }}
          >
            {`Save ${diagnostics.fileName}`}
          </Button>
        </>
      }
    >
      {/* A long text that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="diagnostics" tabIndex={0} aria-label="Diagnostics">
        <DataText text={diagnostics.text} pre limit={200_000} />
      </pre>
    </Dialog>
  )
}
