import { Button } from '@mantine/core'
import type { NodeId, Peer } from '#core/contract/index.ts'
import { Dialog } from '#ui/components/dialog.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { useAct } from '#ui/components/use-act.ts'

/** Says what a block does and does not before it is set or lifted. */
export function BlockDialog({
  peer,
  onDo,
  onClose,
}: {
  readonly peer: Peer
  readonly onDo: (node: NodeId) => Promise<void>
  readonly onClose: () => void
}) {
  const { busy, problem, run } = useAct()
  const lifting = peer.state === 'blocked'
  return (
    <Dialog
      title={lifting ? `Lift the block of ${peer.name}` : `Block ${peer.name} on this computer`}
      opened
      onClose={onClose}
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Leave it as it is
          </Button>
          <Button variant="filled" loading={busy} data-autofocus onClick={() => run(() => onDo(peer.node), onClose)}>
            {lifting ? 'Lift the block' : 'Block here'}
          </Button>
        </>
      }
    >
      <p>
        {lifting
          ? 'Its receipts are read and merged here again. Nothing was thrown away meanwhile.'
          : 'Nothing of it is read or merged on this computer any more. What is in the ledger stays, but no longer counts here.'}
      </p>
      <p className="muted sm" style={{ marginTop: 8 }}>
        {lifting
          ? 'Nothing is signed.'
          : 'Nothing is signed and no other node notices. Your fingerprint will differ from theirs while the block lasts. You can lift it any time.'}
      </p>
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </Dialog>
  )
}
