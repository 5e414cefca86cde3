import { Button, NativeSelect } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { ExchangeState, ExchangeView } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { FolderPicker } from '#ui/components/folder-picker.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { Tag, type Tone } from '#ui/components/tag.tsx'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import { createExchangeStore, type ExchangeStoreState } from '#ui/store/exchange-store.ts'
import { createFolderStore, isUsable, type FolderState } from '#ui/store/folder-store.ts'
import type { LiveState } from '#ui/store/live.ts'
import type { Problem } from '#ui/store/problem.ts'
import { valueOf } from '#ui/store/resource.ts'
import { createSettingsStore, type SettingsState } from '#ui/store/settings-store.ts'
import { useLive, useSteward } from '#ui/store/stores.tsx'
import { Row } from './row.tsx'

const selectExchange = (state: LiveState) => state.exchange
const selectSettings = (state: SettingsState) => valueOf(state.settings)
const selectChange = (state: SettingsState) => state.change
const selectSyncing = (state: ExchangeStoreState) => state.syncing
const selectSync = (state: ExchangeStoreState) => state.syncNow

const STATES: Readonly<Record<ExchangeState, { readonly tone: Tone; readonly word: string }>> = {
  none: { tone: 'amber', word: 'none chosen' },
  idle: { tone: 'green', word: 'in order' },
  syncing: { tone: 'tide', word: 'syncing' },
  missing: { tone: 'amber', word: 'not there' },
  'read-only': { tone: 'amber', word: 'read-only' },
  full: { tone: 'red', word: 'full' },
  'other-network': { tone: 'red', word: 'another network' },
  unreadable: { tone: 'red', word: 'unreadable' },
  'not-admitted': { tone: 'amber', word: 'not admitted yet' },
}

/** While it is so, nothing of the folder is read. */
const UNREAD: ReadonlySet<ExchangeState> = new Set(['missing', 'unreadable', 'other-network'])

const RESCANS = [
  { value: '30', label: 'every 30 seconds' },
  { value: '60', label: 'every minute' },
  { value: '300', label: 'every 5 minutes' },
  { value: '900', label: 'every 15 minutes' },
  { value: '3600', label: 'every hour' },
]

export function ExchangeSettings() {
  const exchange = useLive(selectExchange)
  const settings = useSteward(createSettingsStore, selectSettings)
  const change = useSteward(createSettingsStore, selectChange)
  const syncing = useSteward(createExchangeStore, selectSyncing)
  const syncNow = useSteward(createExchangeStore, selectSync)
  const [choosing, setChoosing] = useState(false)
  const folder = exchange?.folder ?? null
  return (
    <Card title="Exchange folder" note="Receipts travel through it. Your node writes only in its own part.">
      <Row
        label={
          <>Folder {exchange !== null && <Tag tone={STATES[exchange.state].tone}>{STATES[exchange.state].word}</Tag>}</>
        }
        note={exchange === null ? undefined : <StateNote exchange={exchange} />}
      >
        {folder !== null && (
          <span className="mono sm">
            <DataText text={folder} />
          </span>
        )}
        <Button onClick={() => setChoosing(true)}>
          {folder === null ? 'Choose a folder' : 'Choose another folder'}
        </Button>
      </Row>
      {exchange !== null && exchange.folder !== null && (
        <Row label="Last read" note={<CountsNote exchange={exchange} />}>
          <span className="muted sm">
            {exchange.lastRescan === null ? 'not yet' : <When at={exchange.lastRescan} />}
          </span>
          <Button loading={syncing.state === 'running'} onClick={() => void syncNow()}>
            Sync now
          </Button>
        </Row>
      )}
      {syncing.state === 'failed' && <ProblemPanel problem={syncing.problem} compact />}
      <Row label="Read everything again" note="Beside the notices of changes: network drives often send none.">
        {settings !== null && (
          <NativeSelect
            aria-label="Read everything again"
            data={withOwn(settings.rescanSeconds)}
            value={String(settings.rescanSeconds)}
            onChange={(event) => void change({ rescanSeconds: Number(event.currentTarget.value) })}
          />
        )}
      </Row>
      {choosing && <ChooseDialog onClose={() => setChoosing(false)} />}
    </Card>
  )
}

function StateNote({ exchange }: { readonly exchange: ExchangeView }) {
  if (exchange.reason === null) {
    return (
      <>
        {exchange.unpublished > 0
          ? `${grouped(exchange.unpublished)} of your receipts are not in it yet.`
          : 'Everything you signed is in it.'}
      </>
    )
  }
  return (
    <>
      {exchange.reason} {exchange.remedy}{' '}
      <span className="faint">
        (<When at={exchange.since} />)
      </span>
    </>
  )
}

function CountsNote({ exchange }: { readonly exchange: ExchangeView }) {
  const counts = (
    [
      ['waiting', exchange.waiting],
      ['held', exchange.held],
      ['refused', exchange.refused],
      ['not downloaded', exchange.placeholders],
      ['conflict copies', exchange.conflictCopies],
      ['over the limits', exchange.notRead],
      ['foreign files ignored', exchange.ignored],
    ] as const
  ).filter(([, count]) => count > 0)
  if (UNREAD.has(exchange.state)) return <>It cannot be read now. What was read before stands.</>
  if (counts.length === 0) return <>Everything in it was read.</>
  return (
    <>
      {counts.map(([word, count]) => `${grouped(count)} ${word}`).join(', ')}.{' '}
      <a className="link" href={hrefTo('receipts', 'not-merged')}>
        What and why
      </a>
    </>
  )
}

function withOwn(seconds: number): { value: string; label: string }[] {
  const own = String(seconds)
  return RESCANS.some(({ value }) => value === own)
    ? RESCANS
    : [{ value: own, label: `every ${own} seconds` }, ...RESCANS]
}

const selectFolder = (state: FolderState) => state

function ChooseDialog({ onClose }: { readonly onClose: () => void }) {
  const { folder, listing, probe, browse, pick, choose } = useSteward(createFolderStore, selectFolder)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  useEffect(() => void browse(null), [browse])
  const submit = async () => {
    setBusy(true)
    const failure = await choose()
    setBusy(false)
    setProblem(failure)
    if (failure === null) onClose()
  }
  return (
    <Dialog
      title="Choose the exchange folder"
      opened
      onClose={onClose}
      size="lg"
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Keep the present one
          </Button>
          <Button variant="filled" loading={busy} disabled={!isUsable(probe)} onClick={() => void submit()}>
            Exchange through this folder
          </Button>
        </>
      }
    >
      <FolderPicker
        folder={folder}
        listing={listing}
        probe={probe}
        onType={pick}
        onBrowse={(next) => void browse(next)}
      />
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </Dialog>
  )
}
