// House rules that the linter's own rules cannot say. oxlint loads this file as a plugin (see .oxlintrc.json).

interface Call {
  readonly callee: { readonly type: string; readonly name?: string }
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

function isDate(node: Call): boolean {
  return node.callee.type === 'Identifier' && node.callee.name === 'Date'
}

export default { meta: { name: 'steward' }, rules: { 'no-own-clock': noOwnClock } }
