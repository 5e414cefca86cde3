// House rules that the linter's own rules cannot say. oxlint loads this file as a plugin (see .oxlintrc.json).

interface Call {
  readonly callee: { readonly type: string; readonly name?: string; readonly property?: { readonly name?: string } }
  readonly arguments: readonly unknown[]
}

interface Import {
  readonly importKind?: string
  readonly source: { readonly value: string }
  readonly specifiers: readonly {
    readonly importKind?: string
    readonly imported?: { readonly name?: string }
  }[]
}

interface RuleContext {
  report(finding: { node: unknown; message: string }): void
}

const MESSAGE = 'The clock comes in as an argument.'

/** In core the clock is an argument: `new Date()` and `Date()` would ask the machine behind the caller's back. */
const noOwnClock = {
  create: (context: RuleContext) => ({
    NewExpression(node: Call) {
      if (isDate(node) && node.arguments.length === 0) context.report({ node, message: MESSAGE })
    },
    CallExpression(node: Call) {
      if (isDate(node)) context.report({ node, message: MESSAGE })
    },
  }),
}

const LOCALE = 'The locale comes in as an argument, or is named: the machine’s own would show in what two nodes print.'
/** How many arguments stand before the locale. */
const BEFORE_LOCALE: ReadonlyMap<string, number> = new Map([
  ['localeCompare', 1],
  ['toLocaleString', 0],
  ['toLocaleDateString', 0],
  ['toLocaleTimeString', 0],
])

/** In core nothing is sorted or printed by the locale that the machine happens to have. */
const noOwnLocale = {
  create: (context: RuleContext) => ({
    CallExpression(node: Call) {
      const before = BEFORE_LOCALE.get(node.callee.property?.name ?? '')
      if (before !== undefined && node.arguments.length <= before) context.report({ node, message: LOCALE })
    },
  }),
}

function isDate(node: Call): boolean {
  return node.callee.type === 'Identifier' && node.callee.name === 'Date'
}

/**
 * These are given what else they touch: SQLite its file, sodium nothing of the machine but its own code. A front door lets adapters
 * out for the hosts to make.
 */
const OPEN_BY_THEMSELVES = /\/(database|sodium)-adapter\.ts$/
const MADE_BY_HOSTS: ReadonlySet<string> = new Set([
  'bundleFiles',
  'copyToLatest',
  'createVerificationPool',
  'holdFolder',
  'nodeFolderAdapter',
  'nodeFolders',
  'openHome',
  'openNodeFolder',
  'openOutputFolder',
  'openReportStore',
  'syncFolder',
  'syncFolderNow',
  'syncPathTo',
  'systemTemporaryFolders',
  'systemTimers',
])

/** In core what touches folders, threads and timers comes in as an argument: types of adapters may be named, adapters not called. */
const noOwnAdapter = {
  create: (context: RuleContext) => ({
    ImportDeclaration(node: Import) {
      const values = node.importKind === 'type' ? [] : node.specifiers.filter(({ importKind }) => importKind !== 'type')
      const { value: from } = node.source
      const isAdapter = from.endsWith('-adapter.ts') && !OPEN_BY_THEMSELVES.test(from)
      const isMade = values.some(({ imported }) => MADE_BY_HOSTS.has(imported?.name ?? ''))
      if (isMade || (isAdapter && values.length > 0))
        context.report({ node, message: 'The adapter comes in as an argument: a host makes it.' })
    },
  }),
}

export default {
  meta: { name: 'steward' },
  rules: { 'no-own-adapter': noOwnAdapter, 'no-own-clock': noOwnClock, 'no-own-locale': noOwnLocale },
}
