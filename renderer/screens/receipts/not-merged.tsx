// What came and is not in the ledger: why, what was kept, and what to do about it.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Trouble } from '#core/contract/index.ts'
import { CopyMenu } from '#ui/components/copy-menu.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { FilterChips } from '#ui/components/filter-chips.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { saveBlob } from '#ui/components/save-file.ts'
import { SearchField } from '#ui/components/search-field.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { sizeWords } from '#ui/components/size-words.ts'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { useAct } from '#ui/components/use-act.ts'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import type { Pages } from '#ui/store/pages.ts'
import type { ReceiptFacets, ReceiptsState, TroubleOutcome } from '#ui/store/receipts-store.ts'
import './not-merged.css'

const OUTCOMES: Readonly<Record<TroubleOutcome, { readonly word: string; readonly tone: Tone }>> = {
  refused: { word: 'Refused', tone: 'red' },
  waiting: { word: 'Waiting', tone: 'amber' },
  held: { word: 'Held', tone: 'amber' },
  placeholder: { word: 'Not downloaded', tone: 'plain' },
  'conflict-copy': { word: 'Conflict copy', tone: 'plain' },
}

const OUTCOME_NAMES = Object.keys(OUTCOMES) as readonly TroubleOutcome[] // the record above has exactly these keys

export interface NotMergedProps {
  readonly troubles: Pages<Trouble>
  readonly outcome: TroubleOutcome | null
  readonly text: string | undefined
  /** Nodes by their names; one that is not among them is said by its id. */
  readonly nodes: ReceiptFacets['nodes']
  readonly onOutcome: (outcome: TroubleOutcome | null) => void
  readonly onText: (text: string | undefined) => void
  readonly onBytes: ReceiptsState['refused']
  readonly onMore: () => void
  readonly onRetry: () => void
}

export function NotMerged(props: NotMergedProps) {
  const { troubles, outcome, onOutcome } = props
  return (
    <div className="nm">
      <div className="nm-tools">
        <div className="nm-search">
          <SearchField label="Search in what was not merged" text={props.text} onText={props.onText} />
        </div>
        <FilterChips
          chips={OUTCOME_NAMES.map((name) => ({
            id: name,
            label: OUTCOMES[name].word,
            value: outcome === name ? 'on' : null,
          }))}
          onChange={(id, value) =>
            onOutcome(value === null ? null : (OUTCOME_NAMES.find((name) => name === id) ?? null))
          }
        />
        <CopyMenu what="entries" rows={() => (troubles.state === 'ready' ? troubles.items : [])} />
      </div>
      <div className="nm-list" role="region" aria-label="Not merged" tabIndex={0}>
        <List {...props} />
      </div>
    </div>
  )
}

function List({ troubles, outcome, text, nodes, onBytes, onMore, onRetry }: NotMergedProps) {
  switch (troubles.state) {
    case 'loading':
      return <ListSkeleton rows={5} label="Loading what was not merged" />
    case 'failed':
      return <ProblemPanel problem={troubles.problem} onRetry={onRetry} />
    case 'ready':
      if (troubles.items.length === 0) {
        return (
          <EmptyState
            icon="check"
            title={outcome === null && text === undefined ? 'Everything that came is merged' : 'None of these'}
          >
            What is refused, waits for a gap to close, or is ahead of the clock is listed here with its reason. Nothing
            of it is thrown away.
          </EmptyState>
        )
      }
      return (
        <>
          {troubles.problem !== null && <ProblemPanel problem={troubles.problem} onRetry={onRetry} compact />}
          <ul>
            {troubles.items.map((trouble) => (
              <TroubleCard
                key={trouble.id}
                trouble={trouble}
                name={nodes.find(({ node }) => node === trouble.node)?.name ?? null}
                onBytes={onBytes}
              />
            ))}
          </ul>
          {troubles.more && (
            <Button className="nm-more" onClick={onMore}>
              Show more
            </Button>
          )}
        </>
      )
  }
}

function TroubleCard({
  trouble,
  name,
  onBytes,
}: {
  readonly trouble: Trouble
  readonly name: string | null
  readonly onBytes: ReceiptsState['refused']
}) {
  const { word, tone } = OUTCOMES[trouble.outcome]
  return (
    <li className="nm-item">
      <div className="nm-head">
        <Tag tone={tone}>{word}</Tag>
        <span className="mono sm muted">{trouble.reason}</span>
        {trouble.count > 1 && <span className="sm muted num">{grouped(trouble.count)} times</span>}
        <span className="sm faint nm-when">
          <When at={trouble.lastSeen} />
          {trouble.firstSeen !== trouble.lastSeen && (
            <>
              , first <When at={trouble.firstSeen} />
            </>
          )}
        </span>
      </div>
      <p>
        <DataText text={trouble.detail} limit={1_000} />
      </p>
      <dl className="nm-facts">
        <Fact name="Where">
          <span className="mono">
            <DataText text={trouble.source} limit={400} />
          </span>
          {trouble.node !== null && (
            <>
              {' '}
              <span className="faint">of</span>{' '}
              {name !== null && (
                <>
                  <a className="link" href={hrefTo('network', trouble.node)}>
                    <DataText text={name} limit={64} />
                  </a>{' '}
                </>
              )}
              <ShortId value={trouble.node} />
            </>
          )}
        </Fact>
        <Fact name="Kept">
          <DataText text={trouble.kept} limit={400} />{' '}
          {trouble.keptBytes !== undefined && (
            <SaveBytes sizeBytes={trouble.keptBytes} bytes={() => onBytes(trouble.id)} />
          )}
        </Fact>
        <Fact name="What to do">
          <DataText text={trouble.remedy} limit={600} />
        </Fact>
      </dl>
    </li>
  )
}

/** For whoever looks into it: what was refused, as it came. */
function SaveBytes({
  sizeBytes,
  bytes,
}: {
  readonly sizeBytes: number
  readonly bytes: () => ReturnType<ReceiptsState['refused']>
}) {
  const { busy, problem, run } = useAct()
  const save = async () => {
    const refused = await bytes()
    // Whatever it calls itself, nothing opens it by its name.
    saveBlob(refused.fileName, new Blob([refused.bytes], { type: 'application/octet-stream' }))
  }
  return (
    <>
      <button type="button" className="link" disabled={busy} onClick={() => run(save, () => undefined)}>
        Save the bytes… ({sizeWords(sizeBytes)})
      </button>
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
