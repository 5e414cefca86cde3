import { Button, PasswordInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useState } from 'react'
import { Dialog } from '#ui/components/dialog.tsx'
import { NewPassphrase } from '#ui/components/passphrase.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { createKeyStore, type KeyState } from '#ui/store/key-store.ts'
import { useSteward } from '#ui/store/stores.tsx'

const selectState = (state: KeyState) => state

export function PassphraseDialog({ onClose }: { readonly onClose: () => void }) {
  const { busy, problem, changePassphrase, forget } = useSteward(createKeyStore, selectState)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [repeated, setRepeated] = useState('')
  useEffect(() => forget, [forget])
  const submit = async () => {
    if (!(await changePassphrase(from, to))) return
    notifications.show({ message: 'The passphrase was changed. The old one no longer opens the key.' })
    onClose()
  }
  return (
    <Dialog title="Change the passphrase" opened onClose={onClose}>
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <PasswordInput
          label="Present passphrase"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the present passphrase' }}
          data-autofocus
        />
        <NewPassphrase value={to} repeated={repeated} onChange={setTo} onRepeat={setRepeated} />
        {problem !== null && <ProblemPanel problem={problem} compact />}
        <Button
          type="submit"
          variant="filled"
          loading={busy}
          disabled={from === '' || to.length < 8 || to !== repeated}
        >
          Change the passphrase
        </Button>
      </form>
    </Dialog>
  )
}
