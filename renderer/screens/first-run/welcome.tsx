import { Button } from '@mantine/core'
import { Icon, type IconName } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { createFirstRunStore, type FirstRunState } from '#ui/store/first-run-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import type { Path } from './index.tsx'

const selectBusy = (state: FirstRunState) => state.busy
const selectProblem = (state: FirstRunState) => state.problem
const selectSample = (state: FirstRunState) => state.trySample

export function Welcome({ onPath }: { readonly onPath: (path: Path) => void }) {
  const busy = useSteward(createFirstRunStore, selectBusy)
  const problem = useSteward(createFirstRunStore, selectProblem)
  const trySample = useSteward(createFirstRunStore, selectSample)
  return (
    <main className="first-run">
      <div className="welcome">
        <div className="welcome-mark">
          <Icon name="brand" size={36} /> Steward
        </div>
        <h1>Look after one node of a network that has no centre</h1>
        <p className="muted welcome-lead">
          You sign receipts for what your node did or saw. A shared folder carries them to the others. Where the nodes
          disagree, you look and decide. Everything stays on your computer and in that folder.
        </p>
        <div className="welcome-paths">
          <PathButton icon="plus" title="Start a network" onClick={() => onPath('start')}>
            You are the first: pick an empty folder, invite others later.
          </PathButton>
          <PathButton icon="network" title="Join a network" onClick={() => onPath('join')}>
            Somebody shared a folder with you. They admit your node once you have compared six words.
          </PathButton>
          <PathButton icon="key" title="Restore a node" onClick={() => onPath('restore')}>
            You have the 24 words of a node that you looked after before.
          </PathButton>
        </div>
        <div className="welcome-sample">
          <div>
            <div className="strong">Just looking?</div>
            <div className="sm muted">
              Three nodes made from real receipts, with real conflicts, in a temporary folder. Removed in one click.
            </div>
          </div>
          <Button
            leftSection={<Icon name="sample" size={15} />}
            loading={busy === 'sample'}
            onClick={() => void trySample()}
          >
            Try a sample network
          </Button>
        </div>
        <p className="sm faint" role="status">
          {busy === 'sample' ? 'Three nodes are signing real receipts; this takes a few seconds…' : ''}
        </p>
        {problem !== null && <ProblemPanel problem={problem} compact onRetry={() => void trySample()} />}
      </div>
    </main>
  )
}

function PathButton({
  icon,
  title,
  onClick,
  children,
}: {
  readonly icon: IconName
  readonly title: string
  readonly onClick: () => void
  readonly children: string
}) {
  return (
    <button type="button" className="welcome-path" onClick={onClick}>
      <span className="welcome-icon">
        <Icon name={icon} size={20} />
      </span>
      <span className="strong">{title}</span>
      <span className="sm muted">{children}</span>
    </button>
  )
}
