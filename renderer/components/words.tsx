import { useState } from 'react'
import { Icon } from './icon.tsx'

/** Words of a key or a state, for two people to compare: "willow · canoe · ember". What is between them is text, so that it is copied and read out too. */
export function Words({ words }: { readonly words: readonly string[] }) {
  return (
    <span className="words">
      {words.map((word, place) => (
        <span key={`${place}-${word}`}>
          {word}
          {place < words.length - 1 && <span className="words-dot">{BETWEEN}</span>}
        </span>
      ))}
    </span>
  )
}

/** A dot stays with the word before it where a line ends. */
const BETWEEN = '\u00a0· '

/** The same, and one click copies them: to send them to whoever compares. */
export function CopyableWords({ words }: { readonly words: readonly string[] }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(words.join(' '))
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <span className="words-copyable">
      <Words words={words} />{' '}
      <button
        type="button"
        className="words-copy"
        data-copied={copied || undefined}
        aria-label="Copy the words"
        title="Copy the words"
        onClick={() => void copy()}
      >
        <Icon name={copied ? 'check' : 'copy'} size={12} />
        <span className="visually-hidden" role="status">
          {copied ? 'Copied' : ''}
        </span>
      </button>
    </span>
  )
}
