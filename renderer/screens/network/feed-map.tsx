// A table of nodes against nodes: whose feed each holds up to where. Heads stay in sight while it scrolls.
import type { KeyboardEvent } from 'react'
import type { NodeId, WhyAbout } from '#core/contract/index.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { When } from '#ui/components/when.tsx'
import { hrefTo } from '#ui/router.ts'
import type { FeedMap } from '#ui/store/network-store.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { createWhyStore, type WhyState } from '#ui/store/why-store.ts'
import { cellOf, type MapCell, MAP_LIMIT } from './feed-map-cells.ts'
import './feed-map.css'

/** From here on names stand upright and cells hold signs instead of numbers. */
const DENSE_FROM = 9

export function FeedMapTable({ map, self }: { readonly map: FeedMap; readonly self: NodeId | null }) {
  const nodes = map.nodes.slice(0, MAP_LIMIT)
  const rows = map.rows.slice(0, MAP_LIMIT)
  const nameOf = new Map(map.nodes.map(({ node, name }) => [node, name]))
  const dense = nodes.length >= DENSE_FROM
  if (nodes.length < 2) {
    return <p className="sm muted">With a second node, this shows what each has of the other.</p>
  }
  return (
    <>
      <div className="map" data-dense={dense || undefined} role="region" aria-label="Map of feeds" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="map-corner">
                holder
              </th>
              {nodes.map(({ node, name, headSeq }) => (
                <th key={node} scope="col" title={`${name}: ${grouped(headSeq)} receipts`}>
                  <a className="map-name link plain" href={hrefTo('network', node)}>
                    <DataText text={name} limit={40} />
                  </a>
                  {!dense && <span className="map-head num">{grouped(headSeq)}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ holder, said, upTo }) => (
              <tr key={holder}>
                {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label -- a heading, labelled by its text */}
                <th scope="row">
                  <div className="map-row">
                    <a className="ellipsis link plain" title={nameOf.get(holder)} href={hrefTo('network', holder)}>
                      <DataText text={nameOf.get(holder) ?? 'another node'} limit={40} />
                    </a>
                    <span className="map-said">
                      {holder === self ? 'here' : said === null ? 'never said' : <When at={said} short />}
                    </span>
                  </div>
                </th>
                {nodes.map(({ node, name, headSeq }, column) => (
                  <Cell
                    key={node}
                    about={{ type: 'holding', holder, node }}
                    first={node === nodes[0]?.node && holder === rows[0]?.holder}
                    cell={cellOf(upTo[column] ?? null, headSeq, holder === node)}
                    says={`${nameOf.get(holder) ?? 'Another node'} of ${name}’s feed`}
                    dense={dense}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {map.nodes.length > MAP_LIMIT && (
        <p className="sm muted">
          The first {MAP_LIMIT} of {grouped(map.nodes.length)} nodes. Every node’s own page says what it has of yours.
        </p>
      )}
      <p className="map-key sm muted">
        <span data-state="all">
          <Icon name="check" size={12} />
        </span>{' '}
        all of it{' '}
        {dense ? (
          <>
            <span data-state="part">−8</span> so many are missing
          </>
        ) : (
          <>
            <span data-state="part">8</span> up to that receipt
          </>
        )}{' '}
        <span data-state="none">–</span> nothing <span data-state="unknown">?</span> never said
      </p>
    </>
  )
}

interface CellProps {
  readonly about: WhyAbout
  readonly cell: MapCell
  readonly says: string
  readonly dense: boolean
  /** The one that Tab leads to; the others are reached by the arrow keys. */
  readonly first: boolean
}

function Cell({ about, cell, says, dense, first }: CellProps) {
  const ask = useSteward(createWhyStore, selectAsk)
  return (
    <td data-state={cell.state}>
      <button
        type="button"
        className="map-cell num"
        title={`${says}: ${cell.words}`}
        aria-label={`${says}: ${cell.words}. Why?`}
        tabIndex={first ? 0 : -1}
        onClick={() => ask(about)}
        onKeyDown={moveBetweenCells}
      >
        {cell.state === 'all' ? <Icon name="check" size={12} /> : dense ? cell.sign : cell.text}
      </button>
    </td>
  )
}

const selectAsk = (state: WhyState) => state.ask

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** A map may have thousands of cells: Tab goes past them, the arrow keys go from one to the next. */
function moveBetweenCells(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = STEPS[event.key]
  const cell = event.currentTarget.closest('td')
  const row = cell?.closest('tr')
  const body = row?.parentElement
  if (step === undefined || cell === null || !row || !body) return
  event.preventDefault()
  const [down, right] = step
  const rowThere = body.children[[...body.children].indexOf(row) + down]
  rowThere?.children[cell.cellIndex + right]?.querySelector('button')?.focus()
}
