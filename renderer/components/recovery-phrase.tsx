// The 24 words of a key, to be written down or printed, and never kept on a computer.
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { exactUtc } from './relative-time.ts'
import { Icon } from './icon.tsx'
import { Words } from './words.tsx'
import './recovery-phrase.css'

export interface PhraseOwner {
  readonly name: string
  readonly node: string
  readonly words: readonly string[]
}

export function PhraseSheet({
  phrase,
  owner,
  madeAt,
}: {
  readonly phrase: readonly string[]
  readonly owner: PhraseOwner
  readonly madeAt: string
}) {
  return (
    <div className="phrase">
      <div className="phrase-sheet" data-print="sheet">
        <div className="phrase-print-head">
          <h2>Recovery phrase of the Steward node “{owner.name}”</h2>
          <p>{owner.node}</p>
          <p>
            Words of its key: <Words words={owner.words} />
          </p>
          <p>
            Printed {exactUtc(madeAt)}. Whoever has these 24 words can sign as this node. Keep the sheet where you keep
            passports.
          </p>
        </div>
        <ol className="phrase-words">
          {phrase.map((word, place) => (
            <li key={`${place}-${word}`}>
              <span className="phrase-number">{place + 1}</span>
              {word}
            </li>
          ))}
        </ol>
      </div>
      <Button leftSection={<Icon name="print" size={15} />} onClick={() => window.print()}>
        Print the sheet
      </Button>
    </div>
  )
}

/** Asks three of the words back. `onCheck` says whether they were right. */
export function PhraseCheck({
  positions,
  onCheck,
  onPassed,
}: {
  readonly positions: readonly number[]
  readonly onCheck: (words: readonly { position: number; word: string }[]) => Promise<boolean>
  readonly onPassed: () => void
}) {
  const [words, setWords] = useState<readonly string[]>(() => positions.map(() => ''))
  const [wrong, setWrong] = useState(false)
  const [busy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    const right = await onCheck(
      positions.map((position, place) => ({ position, word: (words[place] ?? '').trim().toLowerCase() })),
    )
    setBusy(false)
    setWrong(!right)
    if (right) onPassed()
  }
  return (
    <form
      className="phrase-check"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className="phrase-asked">
        {positions.map((position, place) => (
          <TextInput
            key={position}
            label={`Word ${position + 1}`}
            value={words[place] ?? ''}
            onChange={(event) => {
              const typed = event.currentTarget.value
              setWords((before) => before.map((word, at) => (at === place ? typed : word)))
              setWrong(false)
            }}
            autoComplete="off"
            spellCheck={false}
          />
        ))}
      </div>
      <p className="sm red" role="alert">
        {wrong ? 'At least one of the three is not right. Look at your sheet: the number beside each word counts.' : ''}
      </p>
      <Button type="submit" variant="filled" loading={busy} disabled={words.some((word) => word.trim() === '')}>
        Check the three words
      </Button>
    </form>
  )
}
