// The export sheet: whose receipts, with or without content, and where the bundle goes. Shows; the store does.
import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { BundleExport, ExportWish, NodeId } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Dialog } from '#ui/components/dialog.tsx'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { sizeWords } from '#ui/components/size-words.ts'
import type { ExportChoices } from '#ui/store/bundle-store.ts'
import type { Problem } from '#ui/store/problem.ts'
import type { Resource } from '#ui/store/resource.ts'
import { Bar } from './import-sheet.tsx'
import { counted, unitWords } from './words.ts'

const EVERYTHING = 'everything'

interface ExportSheetProps {
  readonly choices: Resource<ExportChoices>
  readonly export: BundleExport | null
  readonly problem: Problem | null
  readonly onWrite: (wish: ExportWish) => void
  readonly onCancel: () => void
  readonly onHide: () => void
}

export function ExportSheet(props: ExportSheetProps) {
  const { problem, choices, onCancel, onHide, onWrite } = props
  const shown = props.export
  if (shown?.step.state === 'writing') {
    return (
      <Dialog
        title="Exporting"
        opened
        onClose={onHide}
        size="lg"
        foot={
          <>
            <Button variant="subtle" onClick={onHide}>
              Go on in the background
            </Button>
            <Button onClick={onCancel}>Cancel</Button>
          </>
        }
      >
        <div className="bundle">
          <To path={shown.to} />
          <Bar {...shown.step.progress} words={unitWords(shown.step.progress)} />
          <p className="sm muted">It appears there whole or not at all.</p>
        </div>
      </Dialog>
    )
  }
  if (shown !== null) return <Ended shown={shown} onClose={onCancel} />
  if (choices.state !== 'ready') {
    return (
      <Dialog title="Export a bundle" opened onClose={onHide} size="lg">
        {choices.state === 'failed' ? (
          <ProblemPanel problem={choices.problem} compact />
        ) : (
          <p role="status">One moment…</p>
        )}
      </Dialog>
    )
  }
  return <Form choices={choices.value} problem={problem} onWrite={onWrite} onHide={onHide} />
}

function Form({
  choices,
  problem,
  onWrite,
  onHide,
}: {
  readonly choices: ExportChoices
  readonly problem: Problem | null
  readonly onWrite: (wish: ExportWish) => void
  readonly onHide: () => void
}) {
  const [what, setWhat] = useState(EVERYTHING)
  const [contents, setContents] = useState(true)
  const [to, setTo] = useState(choices.suggested)
  const shell = window.steward
  const choosePlace = async () => {
    const folder = (await shell?.chooseFolder()) ?? null
    if (folder !== null) setTo(`${folder}${folder.includes('\\') ? '\\' : '/'}${to.split(/[\\/]/).at(-1) ?? ''}`)
  }
  const write = () => {
    const [kind, node] = what.split(' ')
    // The values of the list are made below, of the nodes that the core named.
    const chosen = node as NodeId
    const wish = { to: to.trim(), contents }
    if (kind === 'lacks') onWrite({ ...wish, lackedBy: chosen })
    else if (kind === 'feed') onWrite({ ...wish, nodes: [chosen] })
    else onWrite(wish)
  }
  return (
    <Dialog
      title="Export a bundle"
      opened
      onClose={onHide}
      size="lg"
      foot={
        <>
          <Button variant="subtle" onClick={onHide}>
            Cancel
          </Button>
          <Button variant="filled" disabled={to.trim() === ''} onClick={write}>
            Write bundle
          </Button>
        </>
      }
    >
      <div className="bundle">
        <p className="muted">
          Another steward drops the bundle on their window, or points their exchange at it. Everything in it is signed
          by its own node, so it needs no trust on the way.
        </p>
        <Select
          label="What goes in"
          allowDeselect={false}
          value={what}
          onChange={(value) => setWhat(value ?? EVERYTHING)}
          data={[
            { value: EVERYTHING, label: 'Every feed in this ledger' },
            {
              group: 'What a node lacks',
              items: choices.others.map(({ node, name }) => ({
                value: `lacks ${node}`,
                label: `What ${name} has not got yet`,
              })),
            },
            {
              group: 'One feed',
              items: choices.all.map(({ node, name }) => ({
                value: `feed ${node}`,
                label: `Only what ${name} signed`,
              })),
            },
          ].filter((each) => !('items' in each) || each.items.length > 0)}
        />
        <Checkbox
          label="With the content that receipts name"
          checked={contents}
          onChange={(event) => setContents(event.currentTarget.checked)}
        />
        <TextInput
          label="Write it to"
          description="On the machine that your node runs on. A name ending in .zip becomes a zip, any other a folder."
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          leftSection={<Icon name="folder" size={16} />}
          spellCheck={false}
        />
        {shell !== undefined && (
          <div>
            <Button leftSection={<Icon name="folder" size={15} />} onClick={() => void choosePlace()}>
              Choose the folder
            </Button>
          </div>
        )}
        {problem !== null && <ProblemPanel problem={problem} compact />}
      </div>
    </Dialog>
  )
}

function Ended({ shown, onClose }: { readonly shown: BundleExport; readonly onClose: () => void }) {
  const { step, to } = shown
  return (
    <Dialog
      title={step.state === 'done' ? 'Exported' : 'Not exported'}
      opened
      onClose={onClose}
      size="lg"
      foot={
        <Button variant="filled" data-autofocus onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="bundle">
        <To path={to} />
        {step.state === 'failed' && <ProblemPanel problem={step.problem} compact />}
        {step.state === 'cancelled' && <p>Nothing was written.</p>}
        {step.state === 'done' && (
          <>
            <p className="bundle-verdict" data-tone="good">
              <Icon name="check" size={18} />
              <span>
                <b>
                  {counted(step.receipts, 'receipt')} of {counted(step.nodes, 'node')}
                </b>
                {step.contents > 0 && ` and ${counted(step.contents, 'file')} of content`}, {sizeWords(step.sizeBytes)}.
              </span>
            </p>
            {step.contentsMissing > 0 && (
              <p className="sm muted">{`${counted(step.contentsMissing, 'file')} of content that receipts name are not here, so they are not in it.`}</p>
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}

function To({ path }: { readonly path: string }) {
  return (
    <p className="bundle-name">
      <Icon name="folder" size={16} />
      <span className="mono sm">
        <DataText text={path} limit={400} />
      </span>
    </p>
  )
}
