// The key is closed: reading and merging go on, signing waits for the passphrase.
import { Button, PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { Words } from '#ui/components/words.tsx'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { setLookAround } from '#ui/store/look-around.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import { useSteward } from '#ui/store/stores.tsx'
import './unlock.css'

/** Typing the passphrase is all there is to do here. */
const focusOnce = (input: HTMLInputElement | null) => input?.focus()

const selectUnlock = (state: AppStoreState) => state.unlock

export function UnlockScreen({ app }: { readonly app: AppState }) {
  const unlock = useSteward(createAppStore, selectUnlock)
  const [passphrase, setPassphrase] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const submit = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await unlock(passphrase)
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    } finally {
      setBusy(false)
      setPassphrase('')
    }
  }
  return (
    <main className="unlock">
      <form
        className="unlock-card card"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <div className="unlock-mark">
          <Icon name="brand" size={36} />
        </div>
        {app.node !== null && (
          <div className="unlock-node">
            <h1>{app.node.name}</h1>
            <div className="xs faint">
              <ShortId value={app.node.id} />
            </div>
            <div className="sm muted">
              <Words words={app.node.words} />
            </div>
          </div>
        )}
        <PasswordInput
          label="Passphrase of this node’s key"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
          ref={focusOnce}
        />
        {problem !== null && <ProblemPanel problem={problem} compact />}
        <Button type="submit" variant="filled" size="md" loading={busy} disabled={passphrase === ''} fullWidth>
          Unlock to sign
        </Button>
        <Button variant="subtle" onClick={() => setLookAround(true)} fullWidth>
          Look around without signing
        </Button>
        <p className="xs faint">
          Receipts are read and merged while it is locked. Forgotten passphrase: restore the node from its recovery
          phrase in a new data folder.
        </p>
      </form>
    </main>
  )
}
