// Front door of core/observations: node directories of TEOF, imported as receipts that this node signs.
export { planImport } from './plan-import.ts'
export type * from './types.ts'
