// A small hash router: #/conflicts/<id>?status=open. The address is the only place that says which screen is open.
import { useSyncExternalStore } from 'react'

export const SECTIONS = ['overview', 'conflicts', 'tasks', 'receipts', 'network', 'reports', 'settings'] as const
export type Section = (typeof SECTIONS)[number]

export interface Route {
  readonly section: Section
  /** What follows the section: the open conflict, receipt or node, or a part of the section. */
  readonly id: string | null
  readonly query: Readonly<Record<string, string>>
}

/** Anything that is not an address of ours leads to the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [name = '', ...rest] = path.split('/')
  const section = SECTIONS.find((known) => known === name)
  if (section === undefined) return { section: 'overview', id: null, query: {} }
  return { section, id: decodePart(rest.join('/')), query: Object.fromEntries(new URLSearchParams(search)) }
}

/** `hrefTo('conflicts', id)`; queries with empty values are left out. */
export function hrefTo(section: Section, id?: string | null, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString()
  return `#/${section}${id ? `/${encodeURIComponent(id)}` : ''}${search === '' ? '' : `?${search}`}`
}

export function navigate(section: Section, id?: string | null, query?: Readonly<Record<string, string>>): void {
  window.location.hash = hrefTo(section, id, query)
}

/** As `navigate`, in the place of the current address: going back leads to where the steward was before. */
export function redirect(section: Section, id?: string | null): void {
  window.location.replace(hrefTo(section, id))
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash)
  return routeOf(hash)
}

// One route object per address, so that a component that depends on it does not render anew for nothing.
let last = { hash: '', route: parseRoute('') }
function routeOf(hash: string): Route {
  if (last.hash !== hash) last = { hash, route: parseRoute(hash) }
  return last.route
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

function decodePart(part: string): string | null {
  if (part === '') return null
  try {
    return decodeURIComponent(part)
  } catch {
    return null // somebody typed a broken escape
  }
}
