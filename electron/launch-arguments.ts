// What a start names: a data folder, or a page to show. Anybody can start us with anything, by a `steward://` link for one,
// so an argument only ever opens one of the page's own addresses; it never acts.

const SECTIONS = new Set(['overview', 'conflicts', 'tasks', 'receipts', 'network', 'reports', 'settings'])
const LINK = /^steward:\/\/([a-z]+)(?:\/((?:did:key:|sha256:)?[0-9A-Za-z]{1,128}))?\/?$/

export interface LaunchWish {
  /** One of the page's own addresses, such as `#/conflicts`. */
  readonly route: string
  readonly home: string | undefined
}

export function parseLaunchArguments(argv: readonly string[]): LaunchWish {
  return {
    route: argv.map(routeOf).findLast((route) => route !== null) ?? '#/overview',
    home: argv.findLast((argument) => argument.startsWith('--home='))?.slice('--home='.length),
  }
}

/** The page that a `steward://` link names, or null. */
export function routeOf(link: string): string | null {
  const [, section = '', id] = LINK.exec(link) ?? []
  if (!SECTIONS.has(section)) return null
  return id === undefined ? `#/${section}` : `#/${section}/${encodeURIComponent(id)}`
}
