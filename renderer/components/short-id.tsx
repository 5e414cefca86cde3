import { useState } from 'react'
import { Hint } from './hint.tsx'
import { Icon } from './icon.tsx'

/** A hash or id, short; the whole value on hover, and one click copies it. */
export function ShortId({ value, prefix = '' }: { readonly value: string; readonly prefix?: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <Hint
      label={
        <span className="whole-id">
          {copied ? 'Copied: ' : ''}
          {value}
        </span>
      }
    >
      <button
        type="button"
        className="short-id"
        data-copied={copied || undefined}
        aria-label={`${prefix}${shortenId(value)}, copy ${value}`}
        onClick={(event) => {
          event.stopPropagation()
          void copy()
        }}
      >
        {prefix}
        {shortenId(value)}
        <Icon name="check" size={12} />
        <span className="visually-hidden" role="status">
          {copied ? 'Copied' : ''}
        </span>
      </button>
    </Hint>
  )
}

/** `sha256:9f31c0…e2` becomes `9f31c0…e2`, a did:key its key's first twelve and last five characters. */
export function shortenId(value: string): string {
  const bare = value.replace(/^(sha256:|did:key:)/, '')
  if (bare.length <= 16) return bare
  return bare.startsWith('z6Mk') ? `${bare.slice(0, 12)}…${bare.slice(-5)}` : `${bare.slice(0, 6)}…${bare.slice(-4)}`
}
