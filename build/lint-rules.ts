// House rules that the linter's own rules cannot say. oxlint loads this file as a plugin (see .oxlintrc.json).

interface Call {
  readonly callee: { readonly type: string; readonly name?: string; readonly property?: { readonly name?: string } }
  readonly arguments: readonly unknown[]
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

export default { meta: { name: 'steward' }, rules: { 'no-own-clock': noOwnClock, 'no-own-locale': noOwnLocale } }
