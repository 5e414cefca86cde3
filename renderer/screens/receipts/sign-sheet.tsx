// Signing a receipt by hand: from JSON, from a file, or as a step of a plan. It says what signing claims before it is done.
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Dialog } from '#ui/components/dialog.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { ShortId } from '#ui/components/short-id.tsx'
import { navigate, useRoute } from '#ui/router.ts'
import { type AppStoreState, createAppStore } from '#ui/store/app-store.ts'
import { setLookAround } from '#ui/store/look-around.ts'
import { valueOf } from '#ui/store/resource.ts'
import { addressedForm, kindsFor, PLAN_STEP, type SignForm, signReadiness, subjectOf } from '#ui/store/sign-form.ts'
import { createSignStore, type SignState } from '#ui/store/sign-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { FileField, JsonField, PlanFields, UploadProgress } from './sign-fields.tsx'
import './sign-sheet.css'

const wholeState = (state: SignState) => state
const selectPhase = (state: AppStoreState) => valueOf(state.app)?.phase ?? null

export function SignSheet({ onClose }: { readonly onClose: () => void }) {
  const state = useSteward(createSignStore, wholeState)
  const phase = useSteward(createAppStore, selectPhase)
  const { open, form, signing } = state
  const { query } = useRoute()
  const [tried, setTried] = useState(false)
  useEffect(() => open(addressedForm(query)), [open, query])

  if (signing.state === 'signed') return <Signed {...state} id={signing.id} seq={signing.seq} onClose={onClose} />
  const ready = signReadiness(form)
  const busy = signing.state === 'uploading' || signing.state === 'signing'
  const wrong = !ready.ready && tried ? ready : null
  return (
    <Dialog
      title="Sign a new receipt"
      opened
      onClose={onClose}
      size="lg"
      foot={
        phase === 'locked' || phase === 'head-unknown' ? (
          <Cannot phase={phase} onClose={onClose} />
        ) : (
          <>
            <span className="sm sign-hint" role="status">
              {!ready.ready && <span className={tried ? 'amber' : 'muted'}>{ready.why}</span>}
            </span>
            <Button variant="subtle" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="filled"
              loading={busy}
              onClick={() => {
                setTried(true)
                if (ready.ready) void state.sign()
              }}
            >
              Sign receipt
            </Button>
          </>
        )
      }
    >
      <fieldset className="sign" disabled={busy}>
        <SegmentedControl
          aria-label="What to sign"
          value={form.way}
          onChange={(way) => state.write({ way })}
          data={[
            { value: 'json', label: 'From JSON' },
            { value: 'file', label: 'From a file' },
            { value: 'plan', label: 'A plan step' },
          ]}
        />
        <KindField state={state} />
        {form.way === 'json' && <JsonField text={form.text} onText={(text) => state.write({ text })} />}
        {form.way === 'file' && <FileField file={form.file} onFile={(file) => state.write({ file })} />}
        {form.way === 'plan' && <PlanFields form={form} wrong={wrong?.field ?? null} onWrite={state.write} />}
        <SubjectFields form={form} wrong={wrong?.field ?? null} onWrite={state.write} />
        <AnchorField state={state} />
      </fieldset>
      {signing.state === 'uploading' && <UploadProgress {...signing} onCancel={state.cancel} />}
      {signing.state === 'failed' && <ProblemPanel problem={signing.problem} compact />}
    </Dialog>
  )
}

function KindField({ state }: { readonly state: SignState }) {
  const { form, kinds, write } = state
  const known = valueOf(kinds) ?? []
  const choices = kindsFor(form.way, known)
  const kind = form.way === 'plan' ? PLAN_STEP : form.kind
  const claims = known.find((item) => item.kind === kind)?.claims
  if (kinds.state === 'failed') return <ProblemPanel problem={kinds.problem} onRetry={state.retry} compact />
  return (
    <div>
      {form.way !== 'plan' && (
        <Select
          label="Kind"
          allowDeselect={false}
          data={choices.map((item) => item.kind)}
          value={kind}
          onChange={(value) => value !== null && write({ kind: value })}
        />
      )}
      <p className="sign-claims">
        By signing you claim: <b>“{claims ?? '…'}”</b>
      </p>
    </div>
  )
}

function SubjectFields({
  form,
  wrong,
  onWrite,
}: {
  readonly form: SignForm
  readonly wrong: keyof SignForm | null
  readonly onWrite: (part: Partial<SignForm>) => void
}) {
  const suggested = subjectOf({ ...form, subject: '' })
  return (
    <div className="sign-pair">
      <TextInput
        label="Subject"
        description="What it is about: a path or a name that others use too"
        required={suggested === ''}
        placeholder={suggested}
        maxLength={1024}
        error={wrong === 'subject'}
        value={form.subject}
        onChange={(event) => onWrite({ subject: event.currentTarget.value })}
      />
      <TextInput
        label="Task"
        description="If it belongs to one"
        maxLength={1024}
        value={form.task}
        onChange={(event) => onWrite({ task: event.currentTarget.value })}
      />
    </div>
  )
}

function AnchorField({ state }: { readonly state: SignState }) {
  const { anchors, form, write } = state
  const known = valueOf(anchors) ?? []
  const [newest] = known
  const automatic =
    newest === undefined ? 'No anchor: this network has none' : `Newest verified anchor (${newest.label})`
  if (anchors.state === 'failed') return <ProblemPanel problem={anchors.problem} onRetry={state.retry} compact />
  return (
    <Select
      label="Anchor"
      description="The governance it is issued under"
      allowDeselect={false}
      disabled={known.length === 0}
      data={[
        { value: '', label: automatic },
        ...known.map(({ hash, label, nodeName }) => ({ value: hash, label: `${label}, signed by ${nodeName}` })),
      ]}
      value={form.anchor ?? ''}
      onChange={(value) => write({ anchor: known.find(({ hash }) => hash === value)?.hash ?? null })}
    />
  )
}

function Cannot({ phase, onClose }: { readonly phase: 'locked' | 'head-unknown'; readonly onClose: () => void }) {
  return phase === 'locked' ? (
    <>
      <span className="sm sign-hint">
        <Icon name="lock" size={14} /> The key is locked. What you wrote stays here.
      </span>
      <Button variant="filled" onClick={() => setLookAround(false)}>
        Unlock to sign
      </Button>
    </>
  ) : (
    <>
      <span className="sm sign-hint">This node reads its own newest receipt back before it signs again.</span>
      <Button
        onClick={() => {
          onClose()
          navigate('settings', 'key')
        }}
      >
        See what it waits for
      </Button>
    </>
  )
}

function Signed({
  id,
  seq,
  startOver,
  onClose,
}: Pick<SignState, 'startOver'> & { readonly id: string; readonly seq: number; readonly onClose: () => void }) {
  return (
    <Dialog
      title="Signed"
      opened
      onClose={onClose}
      foot={
        <>
          <Button variant="subtle" onClick={startOver}>
            Sign another
          </Button>
          <Button variant="filled" data-autofocus onClick={() => navigate('receipts', id)}>
            Show the receipt
          </Button>
        </>
      }
    >
      <p>
        It is receipt <b className="num">#{grouped(seq)}</b> of your feed: <ShortId value={id} />.
      </p>
      <p className="sm muted">It is safe in your ledger and goes to the exchange folder now.</p>
    </Dialog>
  )
}
