// Admitting a node: first the words are compared by two people, then it says what is signed.
import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import type { NodeId, Peer } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { shortenId } from '#ui/components/short-id.tsx'
import { CopyableWords } from '#ui/components/words.tsx'
import { SixWords } from './six-words.tsx'
import { useAct } from '#ui/components/use-act.ts'

export function AdmitDialog({
  peer,
  ourWords,
  onAdmit,
  onBlock,
  onClose,
}: {
  readonly peer: Peer
  readonly ourWords: readonly string[]
  readonly onAdmit: (node: NodeId) => Promise<void>
  readonly onBlock: (node: NodeId) => Promise<void>
  readonly onClose: () => void
}) {
  const [compared, setCompared] = useState(false)
  const { busy, problem, run } = useAct()
  const more = Math.max(0, peer.admissionsNeeded - peer.admittedBy.length - 1)
  return (
    <Dialog
      title={`Is this ${peer.name}?`}
      opened
      onClose={onClose}
      size="lg"
      foot={
        <>
          <Button
            variant="subtle"
            color="red"
            className="admit-block"
            disabled={busy}
            onClick={() => run(() => onBlock(peer.node), onClose)}
          >
            They differ: block it here
          </Button>
          <Button variant="subtle" onClick={onClose}>
            Later
          </Button>
          <Button
            variant="filled"
            loading={busy}
            disabled={!compared}
            onClick={() => run(() => onAdmit(peer.node), onClose)}
          >
            Sign admission
          </Button>
        </>
      }
    >
      <p className="muted">
        Call the steward of <DataText text={peer.name} limit={64} /> or meet them. A message in the folder proves
        nothing: whoever can write there can write that too.
      </p>
      <SixWords words={peer.words} large />
      <dl className="admit-sides">
        <dt>On this screen</dt>
        <dd>The words of the key that signs as {shortenId(peer.node)}.</dd>
        <dt>On theirs</dt>
        <dd>
          Their own words stand below left in their Steward, under the name of their node. All six, in this order.
        </dd>
        <dt>The other way</dt>
        <dd>
          They see yours as <CopyableWords words={ourWords} />.
        </dd>
      </dl>
      <Checkbox
        label="I compared all six words with their steward, and they are the same"
        checked={compared}
        onChange={(event) => setCompared(event.currentTarget.checked)}
      />
      <p className="sm muted admit-sentence">
        You will sign:{' '}
        <b>
          “<DataText text={peer.name} limit={64} /> ({shortenId(peer.node)}) is admitted to the network.”
        </b>{' '}
        {more === 0
          ? 'It holds for every node: all of them merge what it signs.'
          : `${more === 1 ? 'One more steward has' : `${more} more stewards have`} to sign the same before it holds.`}
      </p>
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </Dialog>
  )
}
