// The frame round every screen: rail with sections and live counters, top bar, banners, and the screen itself.
import type { ReactNode } from 'react'
import type { AppState, Counters } from '#core/contract/index.ts'
import { hrefTo, SECTIONS, type Section } from '#ui/router.ts'
import './frame.css'
import { Icon } from './icon.tsx'
import { ShortId } from './short-id.tsx'
import { CopyableWords } from './words.tsx'
import { grouped } from './grouped.ts'

const NAMES: Readonly<Record<Section, string>> = {
  overview: 'Overview',
  conflicts: 'Conflicts',
  tasks: 'Tasks',
  receipts: 'Receipts',
  network: 'Network',
  reports: 'Reports',
  settings: 'Settings',
}

export function Frame({
  section,
  node,
  counters,
  top,
  banners,
  children,
}: {
  readonly section: Section
  readonly node: AppState['node']
  readonly counters: Counters | null
  readonly top: ReactNode
  readonly banners: ReactNode
  readonly children: ReactNode
}) {
  return (
    <div className="frame">
      <a
        className="frame-skip"
        href="#main"
        onClick={(event) => {
          // The address names the screen, so the jump is made here.
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        Skip to the screen
      </a>
      <aside className="rail" aria-label="Steward">
        <div className="rail-brand">
          <Icon name="brand" size={22} /> Steward
        </div>
        <nav className="rail-sections" aria-label="Sections">
          {SECTIONS.map((name) => (
            <RailLink key={name} name={name} current={name === section} count={countOf(name, counters)} />
          ))}
        </nav>
        {node !== null && <RailFoot node={node} />}
      </aside>
      <header className="top">{top}</header>
      <div className="frame-banners">{banners}</div>
      <main className="frame-main" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function RailLink({
  name,
  current,
  count,
}: {
  readonly name: Section
  readonly current: boolean
  readonly count: RailCount | null
}) {
  return (
    <a className="rail-link" href={hrefTo(name)} aria-current={current ? 'page' : undefined}>
      <Icon name={name} />
      {NAMES[name]}
      {count !== null && count.value > 0 && (
        <span className="rail-count" data-waits={count.waits || undefined} title={count.says}>
          {grouped(count.value)}
          <span className="visually-hidden"> {count.says}</span>
        </span>
      )}
    </a>
  )
}

interface RailCount {
  readonly value: number
  readonly waits: boolean
  readonly says: string
}

function countOf(section: Section, counters: Counters | null): RailCount | null {
  if (counters === null) return null
  switch (section) {
    case 'conflicts':
      return { value: counters.openConflicts, waits: true, says: 'open' }
    case 'receipts':
      return { value: counters.receipts, waits: false, says: 'in the ledger' }
    case 'network':
      return { value: counters.pendingNodes, waits: true, says: 'waiting to be admitted' }
    case 'overview':
    case 'tasks':
    case 'reports':
    case 'settings':
      return null
  }
}

function RailFoot({ node }: { readonly node: NonNullable<AppState['node']> }) {
  return (
    <div className="rail-foot">
      <div className="rail-node">
        <span className="ellipsis">{node.name}</span>
      </div>
      <div className="xs faint">
        <ShortId value={node.id} />
      </div>
      <div className="rail-words">
        <CopyableWords words={node.words} />
      </div>
    </div>
  )
}
