// A passphrase with a hint at its strength: how long a patient guesser would need, in words.
import { PasswordInput } from '@mantine/core'
import { strengthOf } from './passphrase-strength.ts'
import './passphrase.css'

export function NewPassphrase({
  value,
  repeated,
  onChange,
  onRepeat,
}: {
  readonly value: string
  readonly repeated: string
  readonly onChange: (value: string) => void
  readonly onRepeat: (value: string) => void
}) {
  const strength = strengthOf(value)
  return (
    <div className="passphrase">
      <PasswordInput
        label="Passphrase"
        description="Four or more unrelated words are easy to remember and hard to guess. At least 8 characters."
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase' }}
      />
      <div className="passphrase-strength" data-level={strength.level} role="status">
        <span className="passphrase-bar" aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </span>
        <span className="sm">{strength.says}</span>
      </div>
      <PasswordInput
        label="The same again"
        value={repeated}
        onChange={(event) => onRepeat(event.currentTarget.value)}
        error={repeated.length > 0 && !value.startsWith(repeated) ? 'The two differ.' : undefined}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the repeated passphrase' }}
      />
    </div>
  )
}
