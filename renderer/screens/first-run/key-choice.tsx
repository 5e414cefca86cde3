import { Radio } from '@mantine/core'
import { NewPassphrase } from '#ui/components/passphrase.tsx'

export interface KeyChoice {
  readonly place: 'keychain' | 'passphrase'
  readonly passphrase: string
  readonly repeated: string
}

export function firstKeyChoice(keychain: boolean): KeyChoice {
  return { place: keychain ? 'keychain' : 'passphrase', passphrase: '', repeated: '' }
}

export function isKeyChosen({ place, passphrase, repeated }: KeyChoice): boolean {
  return place === 'keychain' || (passphrase.length >= 8 && passphrase === repeated)
}

/** Null stands for the system's keychain. */
export function passphraseOf({ place, passphrase }: KeyChoice): string | null {
  return place === 'keychain' ? null : passphrase
}

/** Where the key is kept: the system's keychain where there is one, else a file under a passphrase. */
export function KeyChoiceFields({
  keychain,
  choice,
  onChange,
}: {
  readonly keychain: boolean
  readonly choice: KeyChoice
  readonly onChange: (choice: KeyChoice) => void
}) {
  return (
    <>
      {keychain && (
        <Radio.Group
          label="Keep the key"
          value={choice.place}
          onChange={(place) => onChange({ ...choice, place: place === 'keychain' ? 'keychain' : 'passphrase' })}
        >
          <div className="key-places">
            <Radio
              value="keychain"
              label="In this system’s keychain"
              description="Opens with your login; nothing to type."
            />
            <Radio
              value="passphrase"
              label="In a file under a passphrase"
              description="Asked for each time Steward starts. Works on every computer."
            />
          </div>
        </Radio.Group>
      )}
      {!keychain && (
        <p className="sm muted">
          This system offers no keychain, so the key lies in a file that only your passphrase opens. It is asked for
          each time Steward starts.
        </p>
      )}
      {choice.place === 'passphrase' && (
        <NewPassphrase
          value={choice.passphrase}
          repeated={choice.repeated}
          onChange={(passphrase) => onChange({ ...choice, passphrase })}
          onRepeat={(repeated) => onChange({ ...choice, repeated })}
        />
      )}
    </>
  )
}
