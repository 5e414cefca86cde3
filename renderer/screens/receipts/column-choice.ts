// Which columns the steward wants; kept by the browser for this computer, since it says nothing about the network.
import { useLocalStorage } from '@mantine/hooks'
import { type ColumnId, RECEIPT_COLUMNS, USUAL_COLUMNS } from './receipt-columns.ts'

export function useColumnChoice(): {
  readonly columns: readonly ColumnId[]
  readonly setColumns: (columns: readonly ColumnId[]) => void
} {
  const [kept, setKept] = useLocalStorage<string>({
    key: 'steward-receipt-columns',
    defaultValue: USUAL_COLUMNS.join(' '),
    serialize: (value) => value,
    deserialize: (value) => value ?? USUAL_COLUMNS.join(' '),
    getInitialValueInEffect: false,
  })
  // What was kept may come from another version: unknown names are passed over.
  const names = kept.split(' ')
  const columns = RECEIPT_COLUMNS.filter(({ id }) => id === 'subject' || names.includes(id)).map(({ id }) => id)
  return { columns, setColumns: (chosen) => setKept(chosen.join(' ')) }
}
