// The typed surface between core and everything with a face: the window, the CLI. Schemas first; the rest follows from them.
import { app, node, sample, settings } from './app.ts'
import { conflicts } from './conflicts.ts'
import { exchange, network } from './network.ts'
import { receipts, uploads } from './receipts.ts'

export const contract = { app, node, conflicts, receipts, uploads, network, exchange, settings, sample }
export type Contract = typeof contract

export * from './app.ts'
export * from './conflicts.ts'
export * from './ids.ts'
export * from './network.ts'
export * from './problems.ts'
export * from './receipts.ts'
export * from './sentence.ts'
