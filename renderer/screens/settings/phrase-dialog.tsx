import { Button, PasswordInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Dialog } from '#ui/components/dialog.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { PhraseCheck, PhraseSheet } from '#ui/components/recovery-phrase.tsx'
import { askBack } from '#ui/store/first-run-store.ts'
import { createKeyStore, type KeyState } from '#ui/store/key-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { PartProps } from './index.tsx'

const selectState = (state: KeyState) => state

/** Shows the phrase after the passphrase was given again, and asks three words back. */
export function PhraseDialog({ app, onClose }: PartProps & { readonly onClose: () => void }) {
  const { phrase, busy, problem, showPhrase, confirm, forget } = useSteward(createKeyStore, selectState)
  const [passphrase, setPassphrase] = useState('')
  const [asked, setAsked] = useState(false)
  const [madeAt] = useState(() => new Date().toISOString())
  const [positions] = useState(() => askBack(Math.random))
  useEffect(() => forget, [forget])

  if (phrase === null) {
    return (
      <Dialog title="Recovery phrase" opened onClose={onClose}>
        <form
          className="settings-form"
          onSubmit={(event) => {
            event.preventDefault()
            void showPhrase(passphrase === '' ? null : passphrase)
          }}
        >
          <p className="muted">Make sure that nobody looks over your shoulder.</p>
          <PasswordInput
            label="Passphrase of this node’s key"
            description={app.keychain ? 'Leave it empty if the key lies in the system’s keychain.' : undefined}
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
            data-autofocus
          />
          {problem !== null && <ProblemPanel problem={problem} compact />}
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={passphrase === '' && !app.keychain && !app.sample}
          >
            Show the 24 words
          </Button>
        </form>
      </Dialog>
    )
  }
  return (
    <Dialog
      title={asked ? 'Three words, from your sheet' : 'Recovery phrase'}
      opened
      onClose={onClose}
      size="lg"
      foot={
        asked ? (
          <Button variant="subtle" onClick={() => setAsked(false)}>
            Show the words again
          </Button>
        ) : (
          <>
            <Button variant="subtle" onClick={onClose}>
              Done
            </Button>
            <Button variant="filled" onClick={() => setAsked(true)}>
              Check my sheet
            </Button>
          </>
        )
      }
    >
      {problem !== null && <ProblemPanel problem={problem} compact />}
      {asked || app.node === null ? (
        <PhraseCheck positions={positions} onCheck={confirm} onPassed={onClose} />
      ) : (
        <PhraseSheet
          phrase={phrase}
          owner={{ name: app.node.name, node: app.node.id, words: app.node.words }}
          madeAt={madeAt}
        />
      )}
    </Dialog>
  )
}
