import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Icon } from './icon.tsx'
import { rowsToCsv, rowsToJson, type CopyRow } from './copy-rows.ts'
import { grouped } from './grouped.ts'

/** Copies what a list shows. `rows` is asked when the steward copies, not while the list is drawn. */
export function CopyMenu({ rows, what }: { readonly rows: () => readonly CopyRow[]; readonly what: string }) {
  const copy = async (form: 'JSON' | 'CSV') => {
    const list = rows()
    await navigator.clipboard.writeText(form === 'JSON' ? rowsToJson(list) : rowsToCsv(list))
    notifications.show({ message: `Copied ${grouped(list.length)} ${what} as ${form}.` })
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="copy" size={14} />} title={`Copy ${what}`}>
          Copy
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void copy('JSON')}>Copy as JSON</Menu.Item>
        <Menu.Item onClick={() => void copy('CSV')}>Copy as CSV</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
