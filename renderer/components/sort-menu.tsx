import { Button, Menu } from '@mantine/core'
import { Icon } from './icon.tsx'

export interface SortChoice<Sort> {
  readonly value: Sort
  /** "Last seen first" */
  readonly label: string
}

/** The order of a list; the button says which one it is in. */
export function SortMenu<Sort extends string>({
  sorts,
  sort,
  onSort,
}: {
  readonly sorts: readonly SortChoice<Sort>[]
  readonly sort: Sort
  readonly onSort: (sort: Sort) => void
}) {
  const label = sorts.find(({ value }) => value === sort)?.label ?? ''
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-label={`Sort: ${label}`}
          title={label}
          leftSection={<Icon name="filter" size={14} />}
        >
          Sort
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {sorts.map((choice) => (
          <Menu.Item
            key={choice.value}
            onClick={() => onSort(choice.value)}
            rightSection={choice.value === sort ? <Icon name="check" size={14} /> : null}
          >
            {choice.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
