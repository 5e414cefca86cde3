// Front door of core/aggregate: several node directories reconciled without making a node.
export { copyToLatest, openOutputFolder } from './output-adapter.ts'
export type { OutputFolder } from './output-adapter.ts'
export { reconcileDirectories } from './reconcile.ts'
export type { ReconcileOptions } from './reconcile.ts'
export type { Summary } from './summary.ts'
