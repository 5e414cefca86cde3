import { Button } from '@mantine/core'
import { useState } from 'react'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { When } from '#ui/components/when.tsx'
import { CopyableWords } from '#ui/components/words.tsx'
import { navigate } from '#ui/router.ts'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { PartProps } from './index.tsx'
import { Row } from './row.tsx'

const selectRemoveSample = (state: AppStoreState) => state.removeSample

const HOSTS = { desktop: 'desktop app', browser: 'in the browser', cli: 'command line' } as const

export function NodeSettings({ app }: PartProps) {
  const { node } = app
  return (
    <Card title="Node" note="Who you are to the others. Name and key are in your node’s signed profile.">
      {node !== null && (
        <>
          <Row label="Name">
            <DataText text={node.name} limit={64} />
          </Row>
          <Row label="Words" note="Compared with you before another steward admits your node.">
            <b>
              <CopyableWords words={node.words} />
            </b>
          </Row>
          <Row label="Id" note="The did:key of its Ed25519 key.">
            <ShortId value={node.id} />
          </Row>
          <Row label="Made">
            <When at={node.createdAt} />
          </Row>
        </>
      )}
      <Row label="Data folder" note="Ledger, key file and backups.">
        <span className="mono">
          <DataText text={app.home} />
        </span>
      </Row>
      <Row label="Version">
        Steward {app.version}, {HOSTS[app.host]}
      </Row>
      {app.sample && <RemoveSample />}
    </Card>
  )
}

function RemoveSample() {
  const removeSample = useSteward(createAppStore, selectRemoveSample)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const remove = async () => {
    setBusy(true)
    try {
      await removeSample()
      navigate('overview')
    } catch (thrown) {
      setProblem(problemFrom(thrown))
      setBusy(false)
    }
  }
  return (
    <Row label="Sample network" note="This node and its two neighbours lie in a temporary folder.">
      <Button loading={busy} onClick={() => void remove()}>
        Remove the sample
      </Button>
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </Row>
  )
}
