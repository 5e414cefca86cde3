// doctor: does everything hold that this node relies on?
import type { Command } from 'commander'
import type { Check } from '#core/contract/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { example } from '../help.ts'
import { columns, plain } from '../layout.ts'

export function addDoctorCommand(program: Command, runner: Runner): void {
  program
    .command('doctor')
    .summary('check the ledger and everything that follows from it')
    .description(
      'Checks the database, verifies receipts, rebuilds every projection beside the real one and compares. Changes nothing unless asked to repair. Exits with 3 where something does not hold.',
    )
    .option('--repair', 'make the projections anew where one differs; no receipt is touched')
    .addHelpText('after', example('doctor --json'))
    .action(runner.answers(doctor))
}

async function doctor(context: CliContext, { repair = false }: { readonly repair?: boolean }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { ok, checks } = await client.app.doctor({ repair })
    return {
      json: { ok, checks },
      text: `${columns(checks.map(checkRow))}${ok ? 'Everything holds.\n' : 'Something does not hold; see above.\n'}`,
      exitCode: ok ? EXIT.done : EXIT.integrity,
    }
  })
}

function checkRow({ ok, name, detail, found }: Check): string[] {
  return [ok ? 'ok' : 'FAULT', name, plain(ok || found === undefined ? detail : `${detail} Found: ${found}`)]
}
