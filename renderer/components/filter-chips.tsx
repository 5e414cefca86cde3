import { Menu } from '@mantine/core'
import { Icon } from './icon.tsx'
import { grouped } from './grouped.ts'

export interface ChipOption {
  readonly value: string
  readonly label: string
  readonly count?: number
}

/** One filter. A toggle without `options`; with them it opens a menu to pick one. */
export interface Chip {
  readonly id: string
  readonly label: string
  /** The picked option, `'on'` for a toggle, null while the filter is off. */
  readonly value: string | null
  readonly options?: readonly ChipOption[]
  /** The picked option says enough by itself: its label stands without the chip's before it. */
  readonly bare?: boolean
}

/** The filters of a list, in one line. `onChange(id, null)` takes a filter off. */
export function FilterChips({
  chips,
  onChange,
  label = 'Filters',
}: {
  readonly chips: readonly Chip[]
  readonly onChange: (id: string, value: string | null) => void
  readonly label?: string
}) {
  return (
    <div className="chips" role="group" aria-label={label}>
      {chips.map((chip) =>
        chip.options === undefined ? (
          <button
            key={chip.id}
            type="button"
            className="chip"
            data-on={chip.value !== null || undefined}
            aria-pressed={chip.value !== null}
            onClick={() => onChange(chip.id, chip.value === null ? 'on' : null)}
          >
            {chip.label}
          </button>
        ) : (
          <MenuChip key={chip.id} chip={chip} options={chip.options} onPick={(value) => onChange(chip.id, value)} />
        ),
      )}
    </div>
  )
}

function MenuChip({
  chip,
  options,
  onPick,
}: {
  readonly chip: Chip
  readonly options: readonly ChipOption[]
  readonly onPick: (value: string | null) => void
}) {
  const picked = options.find((option) => option.value === chip.value)
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="chip" data-on={picked !== undefined || undefined}>
          <span className="ellipsis">
            {picked === undefined ? chip.label : chip.bare ? picked.label : `${chip.label}: ${picked.label}`}
          </span>
          <Icon name="down" size={11} />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflow: 'auto' }}>
        {chip.value !== null && (
          <>
            <Menu.Item onClick={() => onPick(null)} leftSection={<Icon name="cross" size={13} />}>
              Any
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        {options.length === 0 && <Menu.Label>Nothing to choose from yet</Menu.Label>}
        {options.map((option) => (
          <Menu.Item
            key={option.value}
            onClick={() => onPick(option.value)}
            rightSection={
              option.value === chip.value ? (
                <Icon name="check" size={14} />
              ) : option.count === undefined ? null : (
                <span className="xs faint num">{grouped(option.count)}</span>
              )
            }
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
