// Which conflicts a command is about: the same options wherever conflicts are listed.
import { Option, type Command } from 'commander'
import { ConflictKind, Severity, type ConflictFilter } from '#core/contract/index.ts'
import type { CoreClient } from '../thread/index.ts'
import { findNode } from './abbreviations.ts'
import { given } from './given.ts'

export interface FilterOptions {
  readonly kind?: readonly ConflictKind[]
  readonly severity?: string
  readonly node?: string
  readonly task?: string
  readonly subject?: string
  readonly overdue?: boolean
}

export function addConflictFilter(command: Command): Command {
  return command
    .addOption(new Option('--kind <kind...>', 'of these kinds').choices(ConflictKind.options))
    .addOption(
      new Option('--severity <n>', '3 proof of harm, 2 waits for a person, 1 worth knowing').choices(['3', '2', '1']),
    )
    .option('--node <node>', 'in which this node makes a claim')
    .option('--task <task>', 'of this task')
    .option('--subject <text>', 'with this text in their subject')
    .option('--overdue', 'open for longer than the policy allows')
}

export async function conflictFilter(
  client: CoreClient,
  { kind, severity, node, task, subject, overdue }: FilterOptions,
  status: ConflictFilter['status'],
): Promise<ConflictFilter> {
  return {
    status,
    ...given({
      kinds: kind === undefined ? undefined : [...kind],
      severity: severity === undefined ? undefined : Severity.parse(Number(severity)),
      node: node === undefined ? undefined : await findNode(client, node),
      task,
      subject,
      overdue,
    }),
  }
}
