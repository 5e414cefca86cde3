import { Button } from '@mantine/core'
import { useState } from 'react'
import type { NetworkView, Policy } from '#core/contract/index.ts'
import { policySentences } from '#core/contract/policy-sentences.ts'
import { Card } from '#ui/components/card.tsx'
import { DataText } from '#ui/components/data-text.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { StaleNote } from '#ui/components/stale-note.tsx'
import { Words } from '#ui/components/words.tsx'
import { createNetworkPolicyStore, type NetworkPolicyState } from '#ui/store/network-policy-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { PartProps } from './index.tsx'
import { PolicyDialog } from './policy-dialog.tsx'
import { Row } from './row.tsx'

const selectNetwork = (state: NetworkPolicyState) => state.network
const selectRefresh = (state: NetworkPolicyState) => state.refresh

export function PolicySettings({ app }: PartProps) {
  const network = useSteward(createNetworkPolicyStore, selectNetwork)
  const refresh = useSteward(createNetworkPolicyStore, selectRefresh)
  return (
    <Card
      title="Network policy"
      note="The rules that every node of the network computes alike. Each change is a signed receipt."
    >
      {network.state === 'loading' && <ListSkeleton rows={3} label="Loading the policy" />}
      {network.state === 'failed' && <ProblemPanel problem={network.problem} compact onRetry={() => void refresh()} />}
      {network.state === 'ready' && (
        <>
          <StaleNote problem={network.problem} onRetry={() => void refresh()} />
          <PolicyView network={network.value} canSign={app.phase === 'ready'} />
        </>
      )}
    </Card>
  )
}

function PolicyView({ network, canSign }: { readonly network: NetworkView; readonly canSign: boolean }) {
  const [draft, setDraft] = useState<Policy | null>(null)
  if (network.id === null) {
    return (
      <p className="muted settings-gap">
        No network yet. Choose an exchange folder: an empty one starts a network, a shared one joins it.
      </p>
    )
  }
  return (
    <>
      <Row label="Network" note={<Words words={network.words} />}>
        <DataText text={network.name} limit={64} />
      </Row>
      <Row
        label="In force"
        note={
          <ul className="settings-sentences">
            {policySentences(network.policy).map((sentence) => (
              <li key={sentence}>
                <DataText text={sentence} />
              </li>
            ))}
          </ul>
        }
      >
        <Button disabled={!canSign} onClick={() => setDraft(network.policy)}>
          Propose a change
        </Button>
      </Row>
      {network.proposed.map((proposal) => (
        <Row
          key={proposal.hash}
          label={`Proposed, signed by ${proposal.signedBy.length} of ${proposal.needed}`}
          note={
            <>
              <ul className="settings-sentences">
                {policySentences(proposal.policy).map((sentence) => (
                  <li key={sentence}>
                    <DataText text={sentence} />
                  </li>
                ))}
              </ul>
              By <DataText text={proposal.signedBy.join(', ')} />
            </>
          }
        >
          {proposal.mine ? (
            <span className="sm muted">You signed it</span>
          ) : (
            <Button disabled={!canSign} onClick={() => setDraft(proposal.policy)}>
              Look and sign
            </Button>
          )}
        </Row>
      ))}
      {!canSign && <p className="sm muted settings-gap">Changing the policy needs the key: unlock first.</p>}
      {draft !== null && <PolicyDialog inForce={network.policy} first={draft} onClose={() => setDraft(null)} />}
    </>
  )
}
