// The one visible list of features. What stands first is settled first: reconcile asks the network what is merged.
import { exchangeFeature } from '#core/exchange/index.ts'
import type { Feature } from '#core/ledger/index.ts'
import { network } from '#core/network/index.ts'
import { reconcile } from '#core/reconcile/index.ts'
import { report } from '#core/report/index.ts'
import { rules } from '#core/rules/index.ts'
import { tasks } from '#core/tasks/index.ts'

export const features = [network, reconcile, rules, tasks, report, exchangeFeature] satisfies readonly Feature[]
