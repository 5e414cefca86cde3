// The three ways in: a body as JSON, a file, a plan step.
import { Autocomplete, Button, Progress, Textarea, TextInput } from '@mantine/core'
import { useRef, useState, type DragEvent } from 'react'
import { Icon } from '#ui/components/icon.tsx'
import { sizeWords } from '#ui/components/size-words.ts'
import { parseBodyText } from '#core/contract/typed-json.ts'
import type { SignForm } from '#ui/store/sign-form.ts'

export function JsonField({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const parsed = parseBodyText(text)
  return (
    <div>
      <Textarea
        label="Body"
        rows={9}
        spellCheck={false}
        className="sign-json"
        data-autofocus
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <div className="sm sign-state" role="status">
        {parsed.ok && JSON.stringify(parsed.value) === '{}' ? (
          <span className="muted">It is empty: write what you claim, as JSON.</span>
        ) : parsed.ok ? (
          <span className="green">This body can be signed.</span>
        ) : (
          <span className="amber">{parsed.why}</span>
        )}
      </div>
    </div>
  )
}

export function FileField({
  file,
  onFile,
}: {
  readonly file: File | null
  readonly onFile: (file: File | null) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [first] = event.dataTransfer.files
    if (first !== undefined) onFile(first)
  }
  return (
    <div
      className="sign-drop"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="receipts" size={22} />
      {file === null ? (
        <span className="muted">Drop a file here, or choose one. At most 64 MiB; it stays in your blobs folder.</span>
      ) : (
        <span>
          <b>{file.name}</b> <span className="muted">{sizeWords(file.size)}</span>
        </span>
      )}
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label="File to sign"
        onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
      />
      <Button size="xs" onClick={() => input.current?.click()}>
        {file === null ? 'Choose a file' : 'Choose another'}
      </Button>
    </div>
  )
}

export function UploadProgress({
  sentBytes,
  sizeBytes,
  onCancel,
}: {
  readonly sentBytes: number
  readonly sizeBytes: number
  readonly onCancel: () => void
}) {
  return (
    <div className="sign-progress" role="status">
      <Progress value={sizeBytes === 0 ? 100 : (sentBytes / sizeBytes) * 100} aria-label="File on its way" />
      <span className="sm muted num">
        {sizeWords(sentBytes)} of {sizeWords(sizeBytes)}
      </span>
      <Button size="xs" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}

const STATUSES = ['planned', 'in progress', 'blocked', 'done', 'dropped']

export function PlanFields({
  form,
  wrong,
  onWrite,
}: {
  readonly form: SignForm
  readonly wrong: keyof SignForm | null
  readonly onWrite: (part: Partial<SignForm>) => void
}) {
  return (
    <>
      <div className="sign-pair">
        <TextInput
          label="Plan"
          required
          data-autofocus
          maxLength={1024}
          error={wrong === 'plan'}
          value={form.plan}
          onChange={(event) => onWrite({ plan: event.currentTarget.value })}
        />
        <TextInput
          label="Step"
          required
          maxLength={256}
          error={wrong === 'step'}
          value={form.step}
          onChange={(event) => onWrite({ step: event.currentTarget.value })}
        />
      </div>
      <Autocomplete
        label="Status"
        required
        maxLength={64}
        data={STATUSES}
        error={wrong === 'status'}
        value={form.status}
        onChange={(status) => onWrite({ status })}
      />
      <Textarea
        label="Receipts that stand behind it"
        description="Their ids, one a line"
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        className="sign-json"
        error={wrong === 'receipts'}
        value={form.receipts}
        onChange={(event) => onWrite({ receipts: event.currentTarget.value })}
      />
      <TextInput
        label="Note"
        maxLength={4000}
        value={form.note}
        onChange={(event) => onWrite({ note: event.currentTarget.value })}
      />
    </>
  )
}
