import { TextInput } from '@mantine/core'
import { useRef } from 'react'
import { Icon } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import { useKeys } from './use-keys.ts'

/** Searches a list while it is typed; / leads to it. */
export function SearchField({
  label,
  text,
  onText,
}: {
  readonly label: string
  readonly text: string | undefined
  /** Undefined where nothing is typed. */
  readonly onText: (text: string | undefined) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => input.current?.focus() })
  return (
    <TextInput
      ref={input}
      className="search-field"
      size="xs"
      type="search"
      aria-label={label}
      placeholder={label}
      maxLength={512}
      leftSection={<Icon name="search" size={13} />}
      rightSection={text === undefined ? <Kbd>/</Kbd> : null}
      value={text ?? ''}
      onChange={(event) => {
        const { value } = event.currentTarget
        onText(value === '' ? undefined : value)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
      }}
    />
  )
}
