// What the page shows while it has no node to ask.
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import type { Problem } from '#ui/store/problem.ts'
import './connection.css'

/** Quiet for the first moment: a start that takes no time should not flash a sentence. */
export function ConnectingScreen() {
  return (
    <Alone>
      <p className="alone-slow muted" role="status">
        Connecting to your node…
      </p>
    </Alone>
  )
}

export function RefusedScreen() {
  return (
    <Alone>
      <h1>This page is no longer connected to a node</h1>
      <p className="muted">
        The link that opened it works once and for one minute, and a session ends when the node stops. Your node and its
        receipts are not affected.
      </p>
      <p className="muted">
        Start Steward again (<code>npm start</code>), or follow the new link that <code>steward serve</code> prints.
      </p>
    </Alone>
  )
}

export function FailedScreen({ problem, onRetry }: { readonly problem: Problem; readonly onRetry: () => void }) {
  return (
    <Alone>
      <ProblemPanel problem={problem} />
      <Button variant="filled" onClick={onRetry}>
        Ask the node again
      </Button>
    </Alone>
  )
}

function Alone({ children }: { readonly children: ReactNode }) {
  return (
    <main className="alone">
      <div className="alone-mark">
        <Icon name="brand" size={40} />
      </div>
      {children}
    </main>
  )
}
