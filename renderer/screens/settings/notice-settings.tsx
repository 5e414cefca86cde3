import { Button, NumberInput, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Settings } from '#core/contract/index.ts'
import { Card } from '#ui/components/card.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { createSettingsStore, type SettingsState } from '#ui/store/settings-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { PartProps } from './index.tsx'
import { Row } from './row.tsx'

const selectSettings = (state: SettingsState) => state.settings
const selectProblem = (state: SettingsState) => state.saveProblem
const selectChange = (state: SettingsState) => state.change
const selectRefresh = (state: SettingsState) => state.refresh

export function NoticeSettings({ app }: PartProps) {
  const settings = useSteward(createSettingsStore, selectSettings)
  const saveProblem = useSteward(createSettingsStore, selectProblem)
  const change = useSteward(createSettingsStore, selectChange)
  const refresh = useSteward(createSettingsStore, selectRefresh)
  return (
    <Card title="Notices and deciding" note="Notices come while the window is behind others, and open the right page.">
      {settings.state === 'loading' && <ListSkeleton rows={3} label="Loading the settings" />}
      {settings.state === 'failed' && (
        <ProblemPanel problem={settings.problem} compact onRetry={() => void refresh()} />
      )}
      {saveProblem !== null && <ProblemPanel problem={saveProblem} compact />}
      {settings.state === 'ready' && (
        <>
          {app.host === 'browser' && <BrowserPermission />}
          <Notices settings={settings.value} onChange={(part) => void change(part)} />
        </>
      )}
    </Card>
  )
}

const KINDS = [
  { id: 'conflicts', name: 'New conflicts' },
  { id: 'pendingNodes', name: 'Nodes that ask to join' },
  { id: 'exchange', name: 'Trouble with the exchange folder' },
] as const

function Notices({
  settings,
  onChange,
}: {
  readonly settings: Settings
  readonly onChange: (part: Partial<Settings>) => void
}) {
  const { notifications, quietHours } = settings
  return (
    <>
      {KINDS.map(({ id, name }) => (
        <Row key={id} label={name}>
          <Switch
            aria-label={`Notice for: ${name}`}
            checked={notifications[id]}
            onChange={(event) => onChange({ notifications: { ...notifications, [id]: event.currentTarget.checked } })}
          />
        </Row>
      ))}
      <Row label="Quiet hours" note="No notices in them; what came is on the overview.">
        {quietHours !== null && (
          <>
            <TextInput
              type="time"
              aria-label="Quiet from"
              value={quietHours.from}
              onChange={(event) => {
                if (event.currentTarget.value !== '')
                  onChange({ quietHours: { ...quietHours, from: event.currentTarget.value } })
              }}
            />
            <span className="muted sm">to</span>
            <TextInput
              type="time"
              aria-label="Quiet until"
              value={quietHours.to}
              onChange={(event) => {
                if (event.currentTarget.value !== '')
                  onChange({ quietHours: { ...quietHours, to: event.currentTarget.value } })
              }}
            />
          </>
        )}
        <Switch
          aria-label="Quiet hours"
          checked={quietHours !== null}
          onChange={(event) =>
            onChange({ quietHours: event.currentTarget.checked ? { from: '22:00', to: '07:00' } : null })
          }
        />
      </Row>
      <Row
        label="Time to undo a decision"
        note="A decision is signed only when this time is over. It can be withdrawn any time after."
      >
        <NumberInput
          aria-label="Seconds to undo a decision"
          w={96}
          min={0}
          max={60}
          allowDecimal={false}
          suffix=" s"
          value={settings.undoSeconds}
          onChange={(value) => {
            const seconds = Number(value)
            if (value !== '' && Number.isInteger(seconds) && seconds >= 0 && seconds <= 60)
              onChange({ undoSeconds: seconds })
          }}
        />
      </Row>
    </>
  )
}

/** A browser asks once before a page may notify; the desktop app needs no leave. */
function BrowserPermission() {
  const [permission, setPermission] = useState(() => ('Notification' in window ? Notification.permission : 'denied'))
  if (permission === 'granted') return null
  return (
    <Row
      label="Notices from this page"
      note={
        permission === 'denied'
          ? 'Your browser does not let this page notify you; the count in its tab still follows.'
          : 'Your browser asks you once.'
      }
    >
      {permission === 'default' && (
        <Button onClick={() => void Notification.requestPermission().then(setPermission)}>Allow notices</Button>
      )}
    </Row>
  )
}
