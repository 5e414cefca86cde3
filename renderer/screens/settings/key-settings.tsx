import { Button } from '@mantine/core'
import { useState } from 'react'
import { Card } from '#ui/components/card.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { setLookAround } from '#ui/store/look-around.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { PartProps } from './index.tsx'
import { PassphraseDialog } from './passphrase-dialog.tsx'
import { PhraseDialog } from './phrase-dialog.tsx'
import { Row } from './row.tsx'

const selectLock = (state: AppStoreState) => state.lock

export function KeySettings({ app }: PartProps) {
  const lock = useSteward(createAppStore, selectLock)
  const [open, setOpen] = useState<'phrase' | 'passphrase' | null>(null)
  const kept = app.node?.phraseConfirmed ?? false
  return (
    <Card
      title="Key and recovery phrase"
      note="The key never leaves this computer. The phrase is the only way back to it."
    >
      {app.phase === 'head-unknown' && <HeadUnknown />}
      <Row
        label="Signing"
        note={
          app.phase === 'locked'
            ? 'Receipts are read and merged; signing waits for your passphrase.'
            : 'Locking closes the key until the passphrase is given again.'
        }
      >
        {app.phase === 'locked' ? (
          <Button variant="filled" onClick={() => setLookAround(false)}>
            Unlock to sign
          </Button>
        ) : (
          <Button onClick={() => void lock()}>Lock now</Button>
        )}
      </Row>
      <Row
        label={
          <>
            Recovery phrase{' '}
            {kept ? <Tag tone="green">checked</Tag> : !app.sample && <Tag tone="amber">not checked</Tag>}
          </>
        }
        note={
          kept
            ? 'You gave three of its words back.'
            : 'Write the 24 words down and give three of them back. Without them a lost computer is a lost node.'
        }
      >
        <Button variant={kept || app.sample ? 'default' : 'filled'} onClick={() => setOpen('phrase')}>
          {kept ? 'Show the phrase' : 'Write the phrase down'}
        </Button>
      </Row>
      <Row label="Passphrase" note="Opens the key file. Changing it does not change the key.">
        <Button onClick={() => setOpen('passphrase')}>Change the passphrase</Button>
      </Row>
      {open === 'phrase' && <PhraseDialog app={app} onClose={() => setOpen(null)} />}
      {open === 'passphrase' && <PassphraseDialog onClose={() => setOpen(null)} />}
    </Card>
  )
}

const selectDeclare = (state: AppStoreState) => state.declareHeadLost

/** After a restore: what signing waits for, and the way out where it will never come. */
function HeadUnknown() {
  const declareHeadLost = useSteward(createAppStore, selectDeclare)
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const declare = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await declareHeadLost()
      setAsking(false)
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="settings-notice">
      <div>
        <div className="strong">Signing waits for your node’s own newest receipt</div>
        <p className="sm muted">
          This node was restored, or its ledger was lost or is an older copy. Before it signs, it reads its own feed
          back from the exchange folder: a second receipt with a number used before would be two signed stories, and
          others could trust neither. Connect the folder it used before; this note goes away by itself.
        </p>
      </div>
      <Button color="red" onClick={() => setAsking(true)}>
        The old receipts are lost…
      </Button>
      <Dialog
        title="Declare the old head lost?"
        opened={asking}
        onClose={() => setAsking(false)}
        foot={
          <>
            <Button variant="subtle" onClick={() => setAsking(false)}>
              Keep waiting
            </Button>
            <Button variant="filled" color="red" loading={busy} onClick={() => void declare()}>
              Declare it lost and sign again
            </Button>
          </>
        }
      >
        <p>
          Your node goes on after the newest receipt that was found here. If a later one turns up after all, everybody
          sees a fork: two signed stories, for stewards to decide.
        </p>
        <p className="muted settings-gap">
          Do this only when the old computer and every folder with its receipts are gone for good.
        </p>
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </Dialog>
    </div>
  )
}
