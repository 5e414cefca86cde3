// Name, key, folder; then the node is made. The folder says whether a network begins or is joined.
import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { createFirstRunStore, type FirstRunState } from '#ui/store/first-run-store.ts'
import { createFolderStore, isUsable, type FolderState } from '#ui/store/folder-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { FolderFields, SharingHints } from './folder-fields.tsx'
import { firstKeyChoice, isKeyChosen, KeyChoiceFields, passphraseOf } from './key-choice.tsx'
import { StepSheet } from './step-sheet.tsx'

const STEPS = ['Name', 'Key', 'Folder', 'Recovery phrase'] as const

const selectKeychain = (state: AppStoreState) => valueOf(state.app)?.keychain ?? false
const selectFolder = (state: FolderState) => state.folder
const selectProbe = (state: FolderState) => state.probe
const selectBusy = (state: FirstRunState) => state.busy
const selectProblem = (state: FirstRunState) => state.problem
const selectCreate = (state: FirstRunState) => state.create

export function CreateFlow({ intent, onLeave }: { readonly intent: 'start' | 'join'; readonly onLeave: () => void }) {
  const keychain: AppState['keychain'] = useSteward(createAppStore, selectKeychain)
  const folder = useSteward(createFolderStore, selectFolder)
  const probe = useSteward(createFolderStore, selectProbe)
  const busy = useSteward(createFirstRunStore, selectBusy)
  const problem = useSteward(createFirstRunStore, selectProblem)
  const create = useSteward(createFirstRunStore, selectCreate)
  const [at, setAt] = useState(0)
  const [name, setName] = useState('')
  const [networkName, setNetworkName] = useState('')
  const [capsule, setCapsule] = useState('')
  const [key, setKey] = useState(() => firstKeyChoice(keychain))

  const usable = isUsable(probe)
  const joins = usable && probe.value.network !== null
  // Whoever came to join founds a network only by naming one.
  const founds = !joins && (intent === 'start' || (usable && networkName.trim() !== ''))
  const make = (exchange: string | null) =>
    void create(
      {
        name: name.trim(),
        passphrase: passphraseOf(key),
        exchange,
        networkName: exchange === null || joins ? null : networkName.trim(),
        capsule: exchange === null || joins || capsule.trim() === '' ? null : capsule.trim(),
      },
      joins,
    )

  switch (at) {
    case 0:
      return (
        <FormStep onSubmit={() => setAt(1)}>
          <StepSheet
            steps={STEPS}
            at={0}
            title="What is your node called?"
            lead="Other stewards see this name beside everything your node signs. A place, a lab or a machine makes a good one."
            onBack={onLeave}
            next={
              <Button type="submit" variant="filled" disabled={name.trim() === ''}>
                Continue
              </Button>
            }
          >
            <TextInput
              label="Name of the node"
              placeholder="harbor-lab"
              value={name}
              maxLength={64}
              onChange={(event) => setName(event.currentTarget.value)}
              spellCheck={false}
            />
          </StepSheet>
        </FormStep>
      )
    case 1:
      return (
        <FormStep onSubmit={() => setAt(2)}>
          <StepSheet
            steps={STEPS}
            at={1}
            title="Where is its key kept?"
            lead="The key is what makes a receipt yours. It never leaves this computer."
            onBack={() => setAt(0)}
            next={
              <Button type="submit" variant="filled" disabled={!isKeyChosen(key)}>
                Continue
              </Button>
            }
          >
            <KeyChoiceFields keychain={keychain} choice={key} onChange={setKey} />
          </StepSheet>
        </FormStep>
      )
    default:
      return (
        <FormStep onSubmit={() => make(folder)}>
          <StepSheet
            steps={STEPS}
            at={2}
            title={intent === 'join' ? 'Which folder was shared with you?' : 'Through which folder do you exchange?'}
            lead="Your node writes only in its own part of the folder and reads what the others put there. Nothing else on your computer is read."
            onBack={() => setAt(1)}
            next={
              <>
                <Button variant="subtle" onClick={() => make(null)} loading={busy === 'create' && folder === ''}>
                  Choose one later
                </Button>
                <Button
                  type="submit"
                  variant="filled"
                  loading={busy === 'create' && folder !== ''}
                  disabled={!usable || (!joins && networkName.trim() === '')}
                >
                  {founds ? 'Make the node and start the network' : 'Make the node and ask to join'}
                </Button>
              </>
            }
          >
            <FolderFields />
            {usable && !joins && (
              <TextInput
                label="Name of the new network"
                description={
                  intent === 'join'
                    ? 'There is no network in this folder yet. If you meant to join one, wait for your sync tool or pick another folder.'
                    : 'Everybody who joins sees it. It cannot be changed later.'
                }
                placeholder="propagation-pilot"
                value={networkName}
                maxLength={64}
                onChange={(event) => setNetworkName(event.currentTarget.value)}
              />
            )}
            {usable && founds && <CapsuleField capsule={capsule} onChange={setCapsule} />}
            <SharingHints />
            {problem !== null && <ProblemPanel problem={problem} compact />}
          </StepSheet>
        </FormStep>
      )
  }
}

/** Few begin with a published capsule, so that its field does not stand in the way of the others. */
function CapsuleField({
  capsule,
  onChange,
}: {
  readonly capsule: string
  readonly onChange: (capsule: string) => void
}) {
  const [asked, setAsked] = useState(false)
  if (!asked && capsule === '') {
    return (
      <div>
        <button type="button" className="link sm" onClick={() => setAsked(true)}>
          Start from a published capsule…
        </button>
      </div>
    )
  }
  return (
    <TextInput
      label="Start from a published capsule (optional)"
      description="If governance for this network was published: the folder with its hashes.json. Its hash becomes the first anchor, and receipts are issued under it."
      placeholder="/home/you/teof/capsule/v1.6"
      value={capsule}
      maxLength={4096}
      spellCheck={false}
      ref={focusOnce}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

function focusOnce(input: HTMLInputElement | null): void {
  if (input?.value === '') input.focus()
}

export function FormStep({ onSubmit, children }: { readonly onSubmit: () => void; readonly children: ReactNode }) {
  return (
    <form
      className="first-run-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}
