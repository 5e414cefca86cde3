// A node comes back from its 24 words. It signs nothing before it has read its own newest receipt back.
import { Button, Textarea, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { createFirstRunStore, type FirstRunState } from '#ui/store/first-run-store.ts'
import { createFolderStore, isUsable, type FolderState } from '#ui/store/folder-store.ts'
import { phraseWordList, phraseWords, unknownWords, unknownWordsSentence } from '#ui/store/phrase-words.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { FormStep } from './create-flow.tsx'
import { FolderFields, SharingHints } from './folder-fields.tsx'
import { firstKeyChoice, isKeyChosen, KeyChoiceFields, passphraseOf } from './key-choice.tsx'
import { StepSheet } from './step-sheet.tsx'

const STEPS = ['Recovery phrase', 'Key', 'Folder'] as const

const selectKeychain = (state: AppStoreState) => valueOf(state.app)?.keychain ?? false
const selectFolder = (state: FolderState) => state.folder
const selectProbe = (state: FolderState) => state.probe
const selectBusy = (state: FirstRunState) => state.busy
const selectProblem = (state: FirstRunState) => state.problem
const selectRestore = (state: FirstRunState) => state.restore

export function RestoreFlow({ onLeave }: { readonly onLeave: () => void }) {
  const keychain = useSteward(createAppStore, selectKeychain)
  const folder = useSteward(createFolderStore, selectFolder)
  const probe = useSteward(createFolderStore, selectProbe)
  const busy = useSteward(createFirstRunStore, selectBusy)
  const problem = useSteward(createFirstRunStore, selectProblem)
  const restore = useSteward(createFirstRunStore, selectRestore)
  const [at, setAt] = useState(0)
  const [text, setText] = useState('')
  const [name, setName] = useState('')
  const [key, setKey] = useState(() => firstKeyChoice(keychain))

  const [list, setList] = useState<ReadonlySet<string> | null>(null)
  useEffect(() => {
    let isHere = true
    void phraseWordList().then((known) => isHere && setList(known))
    return () => {
      isHere = false
    }
  }, [])

  const words = phraseWords(text)
  const unknown = list === null ? [] : unknownWords(text, list)
  const bring = (exchange: string | null) =>
    void restore({ phrase: words.join(' '), name: name.trim(), passphrase: passphraseOf(key), exchange })

  switch (at) {
    case 0:
      return (
        <FormStep onSubmit={() => setAt(1)}>
          <StepSheet
            steps={STEPS}
            at={0}
            title="Type the 24 words"
            lead="In the order of their numbers. Spaces, lines or commas between them do not matter."
            onBack={onLeave}
            next={
              <Button
                type="submit"
                variant="filled"
                disabled={words.length !== 24 || unknown.length > 0 || name.trim() === ''}
              >
                Continue
              </Button>
            }
          >
            <Textarea
              label="Recovery phrase"
              value={text}
              maxLength={1024}
              onChange={(event) => setText(event.currentTarget.value)}
              autosize
              minRows={4}
              maxRows={8}
              autoComplete="off"
              spellCheck={false}
              classNames={{ input: 'mono' }}
              error={unknownWordsSentence(unknown)}
              description={
                words.length === 24
                  ? unknown.length > 0
                    ? '24 words'
                    : 'All 24 words are there.'
                  : `${words.length} of 24 words`
              }
            />
            <TextInput
              label="Name of the node"
              description="As before, or a new one: the key says who it is, not the name."
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
            title="Where is the key kept here?"
            lead="On this computer it may lie elsewhere than before."
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
        <FormStep onSubmit={() => bring(folder)}>
          <StepSheet
            steps={STEPS}
            at={2}
            title="Through which folder did it exchange?"
            lead={
              <>
                Your node reads its own receipts back from there.{' '}
                <b>Until it has found its newest one, it signs nothing:</b> a second receipt with a number it used
                before would be two signed stories, and nobody could trust either. If the old receipts are lost, you can
                say so later in Settings.
              </>
            }
            onBack={() => setAt(1)}
            next={
              <>
                <Button variant="subtle" onClick={() => bring(null)} loading={busy === 'restore' && folder === ''}>
                  Choose one later
                </Button>
                <Button
                  type="submit"
                  variant="filled"
                  loading={busy === 'restore' && folder !== ''}
                  disabled={!isUsable(probe)}
                >
                  Restore this node
                </Button>
              </>
            }
          >
            <FolderFields />
            <SharingHints />
            {problem !== null && <ProblemPanel problem={problem} compact />}
          </StepSheet>
        </FormStep>
      )
  }
}
