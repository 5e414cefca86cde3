// The typed surface between core and everything with a face: the window, the CLI. Schemas first; the rest follows from them.
import { anchors } from './anchors.ts'
import { app, node, sample, settings } from './app.ts'
import { bundles } from './bundles.ts'
import { conflicts } from './conflicts.ts'
import { exchange, network } from './network.ts'
import { origins } from './origins.ts'
import { receipts, uploads } from './receipts.ts'
import { reports } from './reports.ts'
import { rules } from './rules.ts'
import { tasks } from './tasks.ts'
import { why } from './why.ts'

export const contract = {
  app,
  node,
  conflicts,
  tasks,
  anchors,
  why,
  rules,
  receipts,
  uploads,
  network,
  origins,
  exchange,
  reports,
  bundles,
  settings,
  sample,
}
export type Contract = typeof contract

export * from './anchors.ts'
export * from './app.ts'
export * from './bundles.ts'
export * from './conflicts.ts'
export { findHidden, replaceHidden } from './hidden-text.ts'
export * from './ids.ts'
export { membersFit } from './members-fit.ts'
export { fieldOfPart, issueWords, type RefusedPart, refusedParts } from './issue-words.ts'
export * from './network.ts'
export * from './origins.ts'
export * from './policy-sentences.ts'
export * from './problems.ts'
export * from './receipts.ts'
export * from './report-files.ts'
export * from './reports.ts'
export * from './rules.ts'
export * from './sentence.ts'
export * from './tasks.ts'
export * from './why.ts'
export { wayWords } from './way-words.ts'
