import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { DecisionView } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { useAct } from '#ui/components/use-act.ts'

/** Asks why, and says what follows. Withdrawing is a receipt of its own; the decision stays in the feed. */
export function WithdrawDialog({
  decision,
  onWithdraw,
  onClose,
}: {
  readonly decision: DecisionView
  readonly onWithdraw: (reason: string) => Promise<void>
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const { busy, problem, run } = useAct()
  return (
    <Dialog
      title="Withdraw your decision"
      opened
      onClose={onClose}
      foot={
        <>
          <Button variant="subtle" onClick={onClose}>
            Keep it
          </Button>
          <Button
            variant="filled"
            color="red"
            loading={busy}
            disabled={reason.trim() === ''}
            onClick={() => run(() => onWithdraw(reason.trim()), onClose)}
          >
            Sign withdrawal
          </Button>
        </>
      }
    >
      <p>
        “<DataText text={decision.sentence} limit={600} />”
      </p>
      <p className="sm muted" style={{ margin: '6px 0 14px' }}>
        Your withdrawal is signed and travels to every node. The conflict opens again where nothing else settles it; the
        decision and its withdrawal both stay readable.
      </p>
      <Textarea
        label="Reason"
        data-autofocus
        required
        autosize
        minRows={3}
        maxRows={8}
        maxLength={4000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </Dialog>
  )
}
