// House rules that the linter's own rules cannot say: core asks the machine for nothing. oxlint loads this file as a plugin, for core
// outside its hosts, adapters and workers (see .oxlintrc.json). What is allowed is listed, so that what nobody thought of is refused.

interface Node {
  readonly type: string
  readonly parent: Node | null
}

interface Name extends Node {
  /** Of an identifier. */
  readonly name?: string
  /** Of a name in quotes. */
  readonly value?: unknown
}

interface Call extends Node {
  readonly callee: Name & { readonly property?: Name }
  readonly arguments: readonly Node[]
}

interface Member extends Node {
  readonly object: Node
  readonly property: Name
  readonly computed: boolean
}

interface Specifier extends Node {
  readonly importKind?: string
  readonly exportKind?: string
  readonly imported?: Name
  readonly local: Name
  readonly exported?: Name
}

interface Import extends Node {
  readonly importKind?: string
  readonly source: Name
  readonly specifiers: readonly Specifier[]
}

interface Export extends Node {
  readonly exportKind?: string
  readonly source: Name | null
  readonly specifiers?: readonly Specifier[]
}

interface DynamicImport extends Node {
  readonly source: Name
}

interface Declarator extends Node {
  readonly id: Node & { readonly properties?: readonly (Node & { readonly key?: Name })[] }
}

interface Reference {
  readonly identifier: Name
  readonly isValueReference?: boolean
}

interface Scope {
  readonly through: readonly Reference[]
  readonly variables: readonly { readonly defs: readonly unknown[]; readonly references: readonly Reference[] }[]
}

interface RuleContext {
  readonly filename: string
  readonly sourceCode: { readonly scopeManager: { readonly globalScope: Scope | null } }
  report(finding: { node: unknown; message: string }): void
}

/** One way by which a file takes something from another. `names` is null where it takes the whole, under whatever name. */
interface Taken {
  readonly node: Node
  readonly from: string | null
  readonly names: readonly Name[] | null
}

function textOf(name: Name | undefined): string {
  return name?.name ?? (typeof name?.value === 'string' ? name.value : '')
}

/** Values only: types are gone when core runs. */
function takenByImport(node: Import): Taken | null {
  if (node.importKind === 'type') return null
  const values = node.specifiers.filter(({ importKind }) => importKind !== 'type')
  if (node.specifiers.length > 0 && values.length === 0) return null
  // Without names the file is run all the same.
  const isWhole = values.length === 0 || values.some(({ type }) => type === 'ImportNamespaceSpecifier')
  const names = values.map((one) => (one.type === 'ImportDefaultSpecifier' ? DEFAULT : (one.imported ?? one.local)))
  return { node, from: textOf(node.source), names: isWhole ? null : names }
}

const DEFAULT: Name = { type: 'Identifier', parent: null, name: 'default' }

function takenByExport(node: Export): Taken | null {
  if (node.source === null || node.exportKind === 'type') return null
  const values = node.specifiers?.filter(({ exportKind }) => exportKind !== 'type') ?? null
  if (values?.length === 0 && node.specifiers?.length !== 0) return null
  return { node, from: textOf(node.source), names: values?.map(({ local }) => local) ?? null }
}

/** `const { Name } = await import('…')` takes a name; every other form the whole. */
function takenByDynamicImport(node: DynamicImport): Taken {
  const awaited = node.parent?.type === 'AwaitExpression' ? node.parent : null
  const declarator = awaited?.parent?.type === 'VariableDeclarator' ? (awaited.parent as Declarator) : null
  const properties = declarator?.id.properties ?? null
  const keys = properties?.map(({ key }) => key) ?? null
  const isNamed = keys !== null && keys.every((key) => key !== undefined)
  const from = node.source.type === 'Literal' ? textOf(node.source) : null
  return { node, from, names: isNamed ? keys : null }
}

function onEachTaken(judge: (taken: Taken) => void) {
  const judged = (taken: Taken | null) => {
    if (taken !== null) judge(taken)
  }
  return {
    ImportDeclaration: (node: Import) => judged(takenByImport(node)),
    ExportNamedDeclaration: (node: Export) => judged(takenByExport(node)),
    ExportAllDeclaration: (node: Export) => judged(takenByExport(node)),
    ImportExpression: (node: DynamicImport) => judged(takenByDynamicImport(node)),
  }
}

/** What core takes of each package: names, or all of it. What the rest of such a package does is not known to ask for nothing. */
const PACKAGES: Readonly<Record<string, readonly string[] | 'all'>> = {
  'node:buffer': ['isUtf8'],
  // None of them draws randomness: signing is Ed25519, keys are made from bytes that are handed in.
  'node:crypto': ['createHash', 'createPrivateKey', 'createPublicKey', 'hash', 'sign', 'verify'],
  // Not `resolve`, which asks where the app was started; `relative` does not, where both paths are whole.
  'node:path': ['basename', 'dirname', 'isAbsolute', 'join', 'normalize', 'relative', 'sep'],
  '@noble/ed25519': ['hashes', 'verify'],
  '@noble/hashes/sha2.js': ['sha256', 'sha512'],
  '@orpc/client': ['mapEventIterator'],
  '@orpc/contract': ['eventIterator', 'oc'],
  '@orpc/server': ['createRouterClient', 'implement', 'ORPCError'],
  '@scure/bip39': ['entropyToMnemonic', 'mnemonicToEntropy'],
  '@scure/bip39/wordlists/english.js': ['wordlist'],
  'age-encryption': ['Decrypter'],
  canonicalize: ['default'],
  'lossless-json': ['isSafeNumber', 'parse', 'stringify'],
  zod: 'all',
}

/** Of other packages core takes nothing: what touches the machine is an adapter's or a host's affair. */
const onlyKnownPackages = {
  create: (context: RuleContext) =>
    onEachTaken(({ node, from, names }) => {
      const refuse = (what: string) =>
        context.report({ node, message: `${what} is not what core takes: an adapter touches the machine.` })
      if (from === null) return refuse('What is named only when it runs')
      if (/^(\.|#core\/)/.test(from)) return
      const known = Object.hasOwn(PACKAGES, from) ? PACKAGES[from] : undefined
      if (known === undefined) return refuse(from)
      if (known === 'all') return
      if (names === null) return refuse(`The whole of ${from}`)
      for (const name of names) if (!known.includes(textOf(name))) refuse(`${textOf(name)} of ${from}`)
    }),
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
  'sealWithAge',
  'syncFolder',
  'syncFolderNow',
  'syncPathTo',
  'systemTemporaryFolders',
  'systemTimers',
])

/** In core what touches folders, threads and timers comes in as an argument: types of adapters may be named, adapters not called. */
const noOwnAdapter = {
  create(context: RuleContext) {
    const isFrontDoor = context.filename.endsWith('/index.ts') || context.filename.endsWith('\\index.ts')

    function refuse({ node }: Taken, message = 'The adapter comes in as an argument: a host makes it.') {
      context.report({ node, message })
    }

    function isAdapter({ from }: Taken): boolean {
      return from !== null && /(-adapter|\.worker)\.ts$/.test(from) && !OPEN_BY_THEMSELVES.test(from)
    }

    function judge(taken: Taken) {
      const isMade = taken.names?.some((name) => MADE_BY_HOSTS.has(textOf(name))) ?? false
      const isWholeDoor = taken.names === null && taken.from !== null && /^(\.|#core\/).*\/index\.ts$/.test(taken.from)
      if (isMade || isWholeDoor || isAdapter(taken)) refuse(taken)
    }

    /** A front door lets adapters out under the names that everybody else is refused. */
    function judgeDoor(node: Export) {
      const taken = takenByExport(node)
      if (taken === null) return
      if (!isFrontDoor) return judge(taken)
      const passed = node.specifiers?.filter(({ exportKind }) => exportKind !== 'type') ?? null
      const adapters = passed?.filter((one) => isAdapter(taken) || MADE_BY_HOSTS.has(textOf(one.local)))
      const isListed = adapters?.every(({ exported }) => MADE_BY_HOSTS.has(textOf(exported))) ?? !isAdapter(taken)
      if (!isListed) refuse(taken, 'What a front door lets out of an adapter is listed as made by hosts, by its name.')
    }

    return { ...onEachTaken(judge), ExportNamedDeclaration: judgeDoor, ExportAllDeclaration: judgeDoor }
  },
}

/** What core uses of the language and of what every runtime of it has; none of it asks the machine. */
const GLOBALS: ReadonlySet<string> = new Set([
  'AbortController',
  'Array',
  'ArrayBuffer',
  'BigInt',
  'BigUint64Array',
  'Boolean',
  'Buffer',
  'Error',
  'Infinity',
  'Int32Array',
  'JSON',
  'Map',
  'Number',
  'Object',
  'Promise',
  'RangeError',
  'RegExp',
  'Set',
  'String',
  'Symbol',
  'TextDecoder',
  'TextEncoder',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'WeakMap',
  'WeakSet',
  'atob',
  'btoa',
  'undefined',
])
/** The page of a proof runs in a browser, which it shows itself in. */
const IN_THE_PAGE = /[\\/]core[\\/]proof[\\/]page[\\/]/
const GLOBALS_OF_THE_PAGE: ReadonlySet<string> = new Set([
  'Blob',
  'CharacterData',
  'Element',
  'URL',
  'addEventListener',
  'document',
])
/** Of these some members do not ask. Neither is the whole used under another name nor a member by a name that is computed. */
const PARTS_OF_GLOBALS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Date', new Set(['parse', 'UTC'])],
  ['Math', new Set(['abs', 'ceil', 'floor', 'imul', 'max', 'min', 'round'])],
])

/** In core clock, timers, randomness, network and surroundings are arguments: of what is always there only the listed is used. */
const onlyKnownGlobals = {
  create: (context: RuleContext) => ({
    Program() {
      const scope = context.sourceCode.scopeManager.globalScope
      if (scope === null) return
      const isPage = IN_THE_PAGE.test(context.filename)
      const declaredNowhere = scope.variables.filter(({ defs }) => defs.length === 0)
      const references = [...scope.through, ...declaredNowhere.flatMap((variable) => variable.references)]
      for (const { identifier, isValueReference } of references) {
        const name = textOf(identifier)
        if (isValueReference === false || GLOBALS.has(name) || isHarmlessPart(identifier)) continue
        if (isPage && GLOBALS_OF_THE_PAGE.has(name)) continue
        const message = `${name} may ask the machine: what core needs of it comes in as an argument, as clock, timers and randomness do.`
        context.report({ node: identifier, message })
      }
    },
    MetaProperty(node: Node & { readonly meta: Name }) {
      if (textOf(node.meta) === 'import')
        context.report({ node, message: 'Where core is installed is a host’s affair.' })
    },
  }),
}

function isHarmlessPart(identifier: Name): boolean {
  const name = textOf(identifier)
  const { parent } = identifier
  if (parent?.type === 'NewExpression') return name === 'Date' && isOneInstant((parent as Call).arguments)
  if (parent?.type !== 'MemberExpression') return false
  const { object, property, computed } = parent as Member
  return object === identifier && !computed && PARTS_OF_GLOBALS.get(name)?.has(textOf(property)) === true
}

/** None is now, and year, month and day are those of the machine's zone. */
function isOneInstant(given: readonly Node[]): boolean {
  return given.length === 1 && given[0]?.type !== 'SpreadElement'
}

/** How many arguments stand before the locale. */
const BEFORE_LOCALE: ReadonlyMap<string, number> = new Map([
  ['localeCompare', 1],
  ['toLocaleString', 0],
  ['toLocaleUpperCase', 0],
  ['toLocaleLowerCase', 0],
])
/** They take days and hours from the machine's zone. */
const IN_OWN_ZONE =
  /^(?:[gs]et(?:FullYear|Year|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)|getTimezoneOffset|toDateString|toTimeString|toLocaleDateString|toLocaleTimeString)$/

/** In core nothing is sorted or printed by the locale and the zone that the machine happens to have. */
const noOwnLocale = {
  create: (context: RuleContext) => ({
    CallExpression(node: Call) {
      const before = BEFORE_LOCALE.get(textOf(node.callee.property))
      if (before !== undefined && node.arguments.length <= before)
        context.report({ node, message: 'The locale is named: the machine’s own would show in what two nodes print.' })
    },
    MemberExpression(node: Member) {
      if (IN_OWN_ZONE.test(textOf(node.property)))
        context.report({
          node,
          message: 'Time is told in UTC: the machine’s own zone would show in what two nodes print.',
        })
    },
  }),
}

export default {
  meta: { name: 'steward' },
  rules: {
    'only-known-packages': onlyKnownPackages,
    'only-known-globals': onlyKnownGlobals,
    'no-own-adapter': noOwnAdapter,
    'no-own-locale': noOwnLocale,
  },
}
