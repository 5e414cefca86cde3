// The files of a report: each looked at raw, saved one by one or as a zip, and where they lie.
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ReportFileName } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { saveTextFile } from '#ui/components/save-file.ts'
import { sizeWords } from '#ui/components/size-words.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import type { ReportView } from '#ui/store/reports-store.ts'

const WHAT: Readonly<Record<ReportFileName, string>> = {
  'ledger.json': 'every receipt of every admitted node: whose, when, about what, by hash',
  'conflicts.json': 'every conflict with its members and decisions',
  'summary.json': 'the figures, and what follows from them',
  'summary.md': 'the same for a reader',
  'events.jsonl': 'one alert a line, for a bus',
  'audit.json': 'who may take part, who decided what, and what became of each conflict',
}

/** So much of a file is shown; all of it is saved. */
const SHOWN_CHARACTERS = 200_000

export function ReportFiles({
  report,
  onRead,
  shows,
  onFolder,
}: {
  readonly report: ReportView
  readonly onRead: (name: ReportFileName) => Promise<string>
  /** True where the file manager can be opened at the folder; otherwise its path is copied. */
  readonly shows: boolean
  readonly onFolder: () => void
}) {
  const [raw, setRaw] = useState<{ readonly name: ReportFileName; readonly text: string } | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const withText = async (name: ReportFileName, then: (text: string) => void) => {
    setProblem(null)
    try {
      then(await onRead(name))
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    }
  }
  return (
    <div className="rp-figures">
      <Card
        title="Files"
        note={
          <span className="rp-folder">
            They lie in{' '}
            <span className="mono">
              <DataText text={report.folder} limit={400} />
            </span>{' '}
            on the machine that your node runs on.{' '}
            <button type="button" className="link" onClick={onFolder}>
              {shows ? 'Show the folder' : 'Copy the path'}
            </button>
          </span>
        }
      >
        <ul className="rp-files">
          {report.files.map(({ name, bytes }) => (
            <li key={name}>
              <span className="mono strong">{name}</span>
              <span className="sm muted">{WHAT[name]}</span>
              <span className="sm muted num rp-files-size">{sizeWords(bytes)}</span>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Look at it: ${name}`}
                onClick={() => void withText(name, (text) => setRaw({ name, text }))}
              >
                Look at it
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<Icon name="download" size={14} />}
                aria-label={`Save ${name}`}
                onClick={() => void withText(name, (text) => saveTextFile(name, text))}
              >
                Save
              </Button>
            </li>
          ))}
        </ul>
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </Card>
      {raw !== null && (
        <Card title={raw.name}>
          {/* A long text that scrolls must be reachable by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className="rp-raw" tabIndex={0} aria-label={raw.name}>
            <DataText text={raw.text} pre limit={SHOWN_CHARACTERS} />
          </pre>
        </Card>
      )}
    </div>
  )
}
