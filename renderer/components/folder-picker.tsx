// Picks an exchange folder: typed or found by looking round; says what choosing it would mean before it is chosen.
import { Button, TextInput } from '@mantine/core'
import type { Listing, Probe } from '#ui/store/folder-store.ts'
import type { Resource } from '#ui/store/resource.ts'
import { DataText } from './data-text.tsx'
import './folder-picker.css'
import { Icon } from './icon.tsx'
import { ProblemPanel } from './problem-panel.tsx'
import { Words } from './words.tsx'
import { grouped } from './grouped.ts'

export function FolderPicker({
  folder,
  listing,
  probe,
  onType,
  onBrowse,
}: {
  readonly folder: string
  readonly listing: Resource<Listing>
  readonly probe: Resource<Probe> | null
  readonly onType: (folder: string) => void
  readonly onBrowse: (folder: string | null) => void
}) {
  const shell = window.steward
  const fromSystem = async () => {
    const picked = (await shell?.chooseFolder()) ?? null
    if (picked !== null) onBrowse(picked)
  }
  return (
    <div className="folder-picker">
      <TextInput
        label="Exchange folder"
        placeholder="/home/you/Sync/steward"
        value={folder}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || folder.trim() === '') return
          event.preventDefault()
          onBrowse(folder)
        }}
        leftSection={<Icon name="folder" size={16} />}
        spellCheck={false}
      />
      {shell !== undefined && (
        <div>
          <Button leftSection={<Icon name="folder" size={15} />} onClick={() => void fromSystem()}>
            Choose with the system’s dialog
          </Button>
        </div>
      )}
      <Folders listing={listing} onBrowse={onBrowse} />
      <ProbeNote probe={probe} />
    </div>
  )
}

function Folders({
  listing,
  onBrowse,
}: {
  readonly listing: Resource<Listing>
  readonly onBrowse: (folder: string | null) => void
}) {
  if (listing.state === 'failed') {
    return <ProblemPanel problem={listing.problem} compact onRetry={() => onBrowse(null)} />
  }
  if (listing.state === 'loading') return <div className="folder-list" role="status" aria-label="Reading folders" />
  const { folder, parent, folders, more } = listing.value
  return (
    <div className="folder-list">
      <div className="folder-here">
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Icon name="up" size={14} />}
          disabled={parent === null}
          onClick={() => onBrowse(parent)}
        >
          Up
        </Button>
        <span className="sm muted ellipsis">
          <DataText text={folder} />
        </span>
      </div>
      <ul aria-label={`Folders in ${folder}`}>
        {folders.map((path) => (
          <li key={path}>
            <button type="button" className="folder-row" onClick={() => onBrowse(path)}>
              <Icon name="folder" size={15} />
              <DataText text={nameOf(path)} limit={200} />
            </button>
          </li>
        ))}
        {folders.length === 0 && <li className="folder-none sm faint">No folders in here.</li>}
        {more > 0 && <li className="folder-none sm faint">{`${grouped(more)} more are not shown; type the path.`}</li>}
      </ul>
    </div>
  )
}

function ProbeNote({ probe }: { readonly probe: Resource<Probe> | null }) {
  if (probe === null || probe.state === 'loading') {
    return (
      <p className="folder-note sm faint" role="status">
        {probe === null ? 'Pick a folder that your sync tool shares with the other nodes.' : 'Looking at it…'}
      </p>
    )
  }
  if (probe.state === 'failed') return <ProblemPanel problem={probe.problem} compact />
  const { problem, network, hint, empty } = probe.value
  return (
    <div className="folder-note" role="status" data-tone={problem === null ? 'good' : 'bad'}>
      <Icon name={problem === null ? 'check' : 'warning'} size={16} />
      <div>
        {problem !== null ? (
          <p className="strong">{problem}</p>
        ) : network !== null ? (
          <>
            <p className="strong">
              Carries the network “<DataText text={network.name} limit={64} />” with{' '}
              {network.nodes === 1 ? '1 node' : `${network.nodes} nodes`}
            </p>
            <p className="sm muted">
              Compare its words once with somebody who is in it:{' '}
              <b>
                <Words words={network.words} />
              </b>
            </p>
          </>
        ) : (
          <p className="strong">
            {empty ? 'Empty: a new network can begin here' : 'No network in it yet: a new one can begin here'}
          </p>
        )}
        {hint !== null && <p className="sm muted">{hint}</p>}
      </div>
    </div>
  )
}

/** Paths come from the machine the node runs on, so with its own separator. */
function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
