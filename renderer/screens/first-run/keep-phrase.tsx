// The node is made. Its phrase is shown once, three words are asked back, and only then the window opens.
import { Button } from '@mantine/core'
import { useState } from 'react'
import { PhraseCheck, PhraseSheet } from '#ui/components/recovery-phrase.tsx'
import { CopyableWords } from '#ui/components/words.tsx'
import { navigate } from '#ui/router.ts'
import { askBack, createFirstRunStore, type FirstRunState, type MadeNode } from '#ui/store/first-run-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { StepSheet } from './step-sheet.tsx'

const STEPS = ['Name', 'Key', 'Folder', 'Recovery phrase'] as const

const selectConfirm = (state: FirstRunState) => state.confirm
const selectFinish = (state: FirstRunState) => state.finish

export function KeepPhrase({ made }: { readonly made: MadeNode }) {
  const confirm = useSteward(createFirstRunStore, selectConfirm)
  const finish = useSteward(createFirstRunStore, selectFinish)
  const [at, setAt] = useState<'shown' | 'asked' | 'kept'>('shown')
  const [madeAt] = useState(() => new Date().toISOString())
  const [positions] = useState(() => askBack(randomShare))
  const open = () => {
    finish()
    navigate('overview')
  }

  switch (at) {
    case 'shown':
      return (
        <StepSheet
          steps={STEPS}
          at={3}
          title="Write these 24 words down"
          lead="They are the only way back if this computer is lost or the passphrase forgotten. Whoever has them can sign as you: on paper, not in a file or a photo."
          next={
            <>
              <Button variant="subtle" onClick={open}>
                Later; remind me
              </Button>
              <Button variant="filled" onClick={() => setAt('asked')}>
                I have written them down
              </Button>
            </>
          }
        >
          <PhraseSheet phrase={made.phrase} owner={made} madeAt={madeAt} />
        </StepSheet>
      )
    case 'asked':
      return (
        <StepSheet
          steps={STEPS}
          at={3}
          title="Three of them, from your sheet"
          lead="So that you know the sheet is right before you need it."
          onBack={() => setAt('shown')}
          next={
            <Button variant="subtle" onClick={open}>
              Later; remind me
            </Button>
          }
        >
          <PhraseCheck positions={positions} onCheck={confirm} onPassed={() => setAt('kept')} />
        </StepSheet>
      )
    case 'kept':
      return (
        <StepSheet
          steps={STEPS}
          at={STEPS.length}
          title={`${made.name} is ready`}
          lead={
            made.joined
              ? 'It has asked to join. A steward of the network admits it after comparing these six words with you, best by voice:'
              : 'These six words are your key’s. Others compare them with you when your node and theirs first meet:'
          }
          next={
            <Button variant="filled" onClick={open}>
              Open Steward
            </Button>
          }
        >
          <p className="first-words">
            <CopyableWords words={made.words} />
          </p>
        </StepSheet>
      )
  }
}

function randomShare(): number {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1))
  return number / 2 ** 32
}
