// The arrows of ARCHITECTURE.md's module map. A module may import itself and what stands in its row, by the front door only.

const BASE = ['problem', 'contract']
const WITH_RECEIPTS = [...BASE, 'receipts']
const WITH_LEDGER = [...WITH_RECEIPTS, 'ledger', 'durable']
const FEATURES = ['network', 'reconcile', 'rules', 'tasks', 'report', 'exchange']

/** @type {Record<string, string[]>} */
const MAY_IMPORT = {
  problem: [],
  durable: ['problem'],
  contract: ['problem'],
  receipts: BASE,
  teof: WITH_RECEIPTS,
  aggregate: [...WITH_RECEIPTS, 'durable', 'teof'],
  identity: WITH_RECEIPTS,
  proof: BASE,
  ledger: [...WITH_RECEIPTS, 'durable'],
  network: WITH_LEDGER,
  reconcile: [...WITH_LEDGER, 'network'],
  rules: [...WITH_LEDGER, 'network', 'reconcile'],
  tasks: [...WITH_LEDGER, 'network', 'reconcile'],
  report: [...WITH_LEDGER, 'network', 'reconcile'],
  exchange: [...WITH_LEDGER, 'network'],
  observations: [...WITH_LEDGER, 'network', 'reconcile', 'exchange', 'teof'],
  bundles: [...WITH_LEDGER, 'network', 'exchange', 'teof', 'observations'],
  node: [...WITH_LEDGER, 'teof', 'identity', 'proof', 'observations', 'bundles', ...FEATURES],
  sample: [...BASE, 'identity', 'exchange', 'node'],
  hosts: [...BASE, 'aggregate', 'bundles', 'exchange', 'report', 'node', 'sample', 'teof'],
}

const modules = Object.keys(MAY_IMPORT)
const FEATURE_LIST = '^core/features\\.ts$'
/** A door of its own: the index of receipts would bring Node's modules into the page that checks itself. */
const JSON_READER = '^core/receipts/parse-json\\.ts$'

/** Only named modules may be reached from `module`; a module that is in no row is an error by itself. */
const arrows = modules.map((module) => ({
  name: `arrow-${module}`,
  comment: `core/${module} may import ${MAY_IMPORT[module].join(', ') || 'no other module'}.`,
  severity: 'error',
  from: { path: `^core/${module}/` },
  to: {
    path: '^core/',
    pathNot: [
      `^core/(${[module, ...MAY_IMPORT[module]].join('|')})/`,
      ...(module === 'node' || module === 'sample' ? [FEATURE_LIST] : []),
      ...(module === 'proof' ? [JSON_READER] : []),
    ],
  },
}))

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'module-without-a-row',
      comment: 'A new module of core needs its row in ARCHITECTURE.md and here.',
      severity: 'error',
      from: { path: '^core/', pathNot: [`^core/(${modules.join('|')})/`, FEATURE_LIST] },
      to: {},
    },
    {
      name: 'feature-list',
      comment: 'core/features.ts names features and nothing else.',
      severity: 'error',
      from: { path: FEATURE_LIST },
      to: { path: '^core/', pathNot: `^core/(ledger|${FEATURES.join('|')})/index\\.ts$` },
    },
    {
      name: 'front-door',
      comment: 'Another module is imported through its index.ts. The window and the shell obey this too.',
      severity: 'error',
      from: { path: '^(core/[^/]+|electron|renderer)/' },
      to: {
        path: '^core/([^/]+)/',
        // Doors of their own: the index would bring zod into the page by the sentence of a verdict or by JSON that is typed, and the
        // whole contract into every thread that checks signatures by the ids.
        pathNot: [
          '^core/[^/]+/index\\.ts$',
          '^$1/',
          '^core/hosts/desktop/index\\.ts$',
          '^core/contract/(issue-words|sentence|typed-json|policy-sentences|way-words)\\.ts$',
          '^core/contract/ids\\.ts$',
          JSON_READER,
        ],
      },
    },
    {
      name: 'renderer-knows-the-contract-only',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(core|electron|tests|build)/', pathNot: '^core/contract/(index|issue-words|sentence|typed-json|policy-sentences|way-words)\\.ts$' },
    },
    {
      name: 'shell-knows-its-host-only',
      comment: 'electron is thin: it starts core/hosts/desktop.',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(core|renderer|tests|build)/', pathNot: '^core/hosts/desktop/index\\.ts$' },
    },
    {
      name: 'core-knows-no-face',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(electron|renderer|tests|build)/|node_modules/(electron|react|react-dom|zustand|@mantine)/' },
    },
    {
      name: 'host-by-its-own-door',
      comment: 'One host reaches another through the index.ts of its folder.',
      severity: 'error',
      from: { path: '^core/hosts/([^/]+)/' },
      to: { path: '^core/hosts/[^/]+/', pathNot: ['^core/hosts/$1/', '^core/hosts/[^/]+/index\\.ts$'] },
    },
    {
      name: 'not-resolved',
      comment: 'An arrow that cannot be followed cannot be checked.',
      severity: 'error',
      from: { path: '^(core|electron|renderer|tests|build)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // The swc parser of this tool reads neither JSX nor `using`, and does not tell type imports apart. So tests are not
    // cruised (they may import anything), and .oxlintrc.json holds what a .tsx file may import, and circles within a module.
    exclude: { path: '^(out|release|node_modules)/|\\.tsx$' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
}
