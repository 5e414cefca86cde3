// What differs, field by field, each value in its claim's colour. Equal parts are one line until somebody asks.
import { useState } from 'react'
import type { DiffRow, MemberView } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { CLAIM_COLORS, claimLabel } from './claim-names.ts'
import { diffSummary, foldDiff, ROWS_AT_ONCE, type DiffAnswer } from './diff-fold.ts'
import './diff-table.css'

export function DiffTable({
  diff,
  claims,
  equalShown,
  onShowEqual,
  onRaw,
}: {
  readonly diff: DiffAnswer
  readonly claims: readonly MemberView[]
  readonly equalShown: boolean
  readonly onShowEqual: (shown: boolean) => void
  readonly onRaw: () => void
}) {
  const [limit, setLimit] = useState(ROWS_AT_ONCE)
  const { rows, folded, undrawn } = foldDiff(diff, equalShown, limit)
  const columns = claims.length + 1
  return (
    <div className="diff" role="region" aria-label="What differs" tabIndex={0}>
      <table data-many={claims.length > 2 || undefined}>
        <caption className="visually-hidden">{diffSummary(diff.rows)}</caption>
        <thead>
          <tr>
            <th scope="col" className="diff-field">
              Field
            </th>
            {claims.map((claim, place) => (
              <th key={claim.receipt} scope="col" data-claim={place % CLAIM_COLORS} className="diff-claim">
                <DataText text={claimLabel(claim, claims)} limit={80} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.path} row={row} claims={claims} />
          ))}
          {undrawn > 0 && (
            <tr className="diff-fold">
              <td colSpan={columns}>
                <button className="link" onClick={() => setLimit(limit + ROWS_AT_ONCE)}>
                  Show {Math.min(undrawn, ROWS_AT_ONCE).toLocaleString('en')} more
                </button>{' '}
                of {undrawn.toLocaleString('en')}
              </td>
            </tr>
          )}
          <tr className="diff-fold">
            <td colSpan={columns}>
              <Fold folded={folded} equal={diff.equalCount} shown={equalShown} onShow={onShowEqual} /> ·{' '}
              <button className="link" onClick={onRaw}>
                raw
              </button>{' '}
              <Kbd>R</Kbd>
              {diff.more > 0 && (
                <div>
                  {diff.more.toLocaleString('en')} further differences are not listed; the raw view has everything.
                </div>
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  )
}

function Fold({
  folded,
  equal,
  shown,
  onShow,
}: {
  readonly folded: number
  readonly equal: number
  readonly shown: boolean
  readonly onShow: (shown: boolean) => void
}) {
  if (equal === 0) return <>No field is equal</>
  const fields = `${equal.toLocaleString('en')} equal ${equal === 1 ? 'field' : 'fields'}`
  return (
    <>
      {fields} {folded > 0 ? 'folded' : 'shown'} ·{' '}
      <button className="link" aria-expanded={shown} onClick={() => onShow(!shown)}>
        {shown ? 'fold' : 'show'}
      </button>{' '}
      <Kbd>E</Kbd>
    </>
  )
}

function Row({ row, claims }: { readonly row: DiffRow; readonly claims: readonly MemberView[] }) {
  return (
    <tr data-change={row.change}>
      <th scope="row" className="diff-path">
        {row.path === '' ? <span className="faint">the whole content</span> : <DataText text={row.path} limit={400} />}
        {row.change === 'moved' && <Tag tone="plain">moved</Tag>}
      </th>
      {claims.map((claim, place) => (
        <td key={claim.receipt} data-claim={place % CLAIM_COLORS}>
          <Cell value={row.cells[place] ?? null} />
        </td>
      ))}
    </tr>
  )
}

const CELL_CHARACTERS = 320

function Cell({ value }: { readonly value: string | null }) {
  if (value === null) return <span className="diff-absent">not there</span>
  return value.length > CELL_CHARACTERS ? (
    <span title={value.slice(0, 4_000)}>
      <DataText text={value} limit={CELL_CHARACTERS} />
    </span>
  ) : (
    <DataText text={value} limit={CELL_CHARACTERS} />
  )
}
