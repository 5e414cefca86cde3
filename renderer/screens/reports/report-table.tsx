// A table of a report’s figures: what each column holds, and numbers to the right.
import type { ReactNode } from 'react'

export interface Column {
  readonly title: string
  readonly is?: 'number' | 'state'
  /** For those who hear the page; what stands in the column says it to the others. */
  readonly isHidden?: boolean
}

/** `children` are the rows of its body. */
export function ReportTable({
  label,
  columns,
  children,
}: {
  readonly label: string
  readonly columns: readonly Column[]
  readonly children: ReactNode
}) {
  return (
    <table className="rp-table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, is, isHidden }, at) => (
            // Two reports of one minute have one title.
            <th key={`${at} ${title}`} scope="col" className={is === undefined ? undefined : CLASSES[is]}>
              {isHidden === true ? <span className="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}

const CLASSES = { number: 'rp-num', state: 'rp-state' }
