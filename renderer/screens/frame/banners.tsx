// What holds for the whole window and changes what the steward may do: sample, locked, restored, clock.
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { AppState } from '#core/contract/index.ts'
import { Banner } from '#ui/components/banner.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { hrefTo, navigate } from '#ui/router.ts'
import { createAppStore, type AppStoreState } from '#ui/store/app-store.ts'
import { setLookAround } from '#ui/store/look-around.ts'
import { problemFrom, type Problem } from '#ui/store/problem.ts'
import { useConnection, useSteward } from '#ui/store/stores.tsx'

const selectRemoveSample = (state: AppStoreState) => state.removeSample

export function Banners({ app, clockOffMs }: { readonly app: AppState; readonly clockOffMs: number | null }) {
  const connection = useConnection()
  return (
    <>
      {connection.state === 'lost' && (
        <Banner tone="amber" icon="sync">
          <b>Your node does not answer.</b> What you see is what it said last; the window reconnects by itself.
        </Banner>
      )}
      {app.sample && <SampleBanner />}
      {app.phase === 'locked' && (
        <Banner
          tone="amber"
          icon="lock"
          action={
            <Button size="xs" onClick={() => setLookAround(false)}>
              Unlock to sign
            </Button>
          }
        >
          <b>Locked.</b> Receipts are read and merged; signing waits for your passphrase.
        </Banner>
      )}
      {app.phase === 'head-unknown' && (
        <Banner
          tone="amber"
          icon="key"
          action={
            <Button size="xs" component="a" href={hrefTo('settings', 'key')}>
              See what it waits for
            </Button>
          }
        >
          <b>Not signing yet.</b> Your node first reads its own newest receipt back from the exchange, so that it never
          tells two stories.
        </Banner>
      )}
      {app.phase === 'ready' && !app.sample && app.node?.phraseConfirmed === false && (
        <Banner
          tone="plain"
          icon="key"
          action={
            <Button size="xs" component="a" href={hrefTo('settings', 'key')}>
              Write the phrase down
            </Button>
          }
        >
          <b>Your recovery phrase is not checked yet.</b> Without its 24 words a lost computer is a lost node.
        </Banner>
      )}
      {clockOffMs !== null && (
        <Banner tone="amber" icon="clock">
          <b>This computer’s clock is {minutes(clockOffMs)} off.</b> Other nodes hold back what you sign until their
          clock gets there. Set the clock in your system’s settings.
        </Banner>
      )}
    </>
  )
}

function SampleBanner() {
  const removeSample = useSteward(createAppStore, selectRemoveSample)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const remove = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await removeSample()
      navigate('overview')
    } catch (thrown) {
      setProblem(problemFrom(thrown))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Banner
        tone="tide"
        icon="sample"
        action={
          <Button size="xs" loading={busy} onClick={() => void remove()}>
            Remove the sample
          </Button>
        }
      >
        <b>Sample network.</b> Three nodes made from real receipts in a temporary folder. Nothing here is yours or
        leaves this computer.
      </Banner>
      {problem !== null && <ProblemPanel problem={problem} compact />}
    </>
  )
}

function minutes(ms: number): string {
  const count = Math.round(Math.abs(ms) / 60_000)
  if (count < 120) return `${count} minutes`
  return count < 2 * 24 * 60 ? `${Math.round(count / 60)} hours` : `${Math.round(count / 60 / 24)} days`
}
