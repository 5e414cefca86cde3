// settings, diagnostics: what this installation keeps to itself; nothing of it is signed.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Settings } from '#core/contract/index.ts'
import type { Answer, CliContext, Runner } from '../context.ts'
import { withNode } from '../context.ts'
import { example } from '../help.ts'
import { columns, plain } from '../layout.ts'
import { writeNewFile } from '../new-file-adapter.ts'
import { usageError } from '../usage-error.ts'

export function addSettingsCommands(program: Command, runner: Runner): void {
  program
    .command('settings')
    .summary('show or change a setting')
    .argument('[name]', `one of: ${NAMES.join(', ')}`)
    .argument('[value]', 'its new value')
    .description('Shows the settings of this installation, or one of them, or changes it.')
    .addHelpText('after', example('settings quiet-hours 22:00-07:00'))
    .action(runner.answers(settings))

  program
    .command('diagnostics')
    .summary('versions, counts and states, to go with a question')
    .option('--out <file>', 'write them there instead of showing them')
    .description('Holds no key, no phrase, no content and no path of yours.')
    .addHelpText('after', example('diagnostics --out ~/steward-diagnostics.json'))
    .action(runner.answers(diagnostics))
}

interface Setting {
  /** As it is shown, and as it can be typed. */
  readonly shown: (settings: Settings) => string
  readonly means: string
  /** Null where the text cannot be one. */
  readonly read: (text: string, settings: Settings) => Partial<Settings> | null
  readonly remedy: string
}

type Notice = keyof Settings['notifications']

const SETTINGS: { readonly [name: string]: Setting } = {
  appearance: {
    shown: ({ appearance }) => appearance,
    means: 'how the window looks',
    read: (text) => {
      const appearance = Settings.shape.appearance.safeParse(text)
      return appearance.success ? { appearance: appearance.data } : null
    },
    remedy: `Give ${Settings.shape.appearance.options.join(', ')}.`,
  },
  'rescan-seconds': {
    shown: ({ rescanSeconds }) => String(rescanSeconds),
    means: 'the shared folder is read anew that often, beside what its file system tells',
    read: (text) => seconds(text, 'rescanSeconds'),
    remedy: 'Give whole seconds, 10 to 86400.',
  },
  'undo-seconds': {
    shown: ({ undoSeconds }) => String(undoSeconds),
    means: 'so long a decision in the window can be undone before it is signed',
    read: (text) => seconds(text, 'undoSeconds'),
    remedy: 'Give whole seconds, 0 to 60.',
  },
  'quiet-hours': {
    shown: ({ quietHours }) => (quietHours === null ? 'off' : `${quietHours.from}-${quietHours.to}`),
    means: 'no notifications in these hours',
    read: quietHoursFrom,
    remedy: 'Give them as 22:00-07:00, or `off`.',
  },
  'notify-conflicts': notice('conflicts', 'a new conflict'),
  'notify-pending-nodes': notice('pendingNodes', 'a node that asks to join'),
  'notify-exchange': notice('exchange', 'a shared folder that cannot be used'),
}
const NAMES = Object.keys(SETTINGS)

function seconds(text: string, name: 'rescanSeconds' | 'undoSeconds'): Partial<Settings> | null {
  const read = Settings.shape[name].safeParse(text.trim() === '' ? Number.NaN : Number(text))
  return read.success ? { [name]: read.data } : null
}

function quietHoursFrom(text: string): Partial<Settings> | null {
  if (text === 'off') return { quietHours: null }
  const [, from = '', to = ''] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? []
  return [from, to].every((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)) ? { quietHours: { from, to } } : null
}

function notice(name: Notice, about: string): Setting {
  return {
    shown: ({ notifications }) => (notifications[name] ? 'on' : 'off'),
    means: `a notification of ${about}`,
    read: (text, { notifications }) =>
      text === 'on' || text === 'off' ? { notifications: { ...notifications, [name]: text === 'on' } } : null,
    remedy: 'Give `on` or `off`.',
  }
}

async function settings(context: CliContext, name: string | undefined, value: string | undefined): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const now = await client.settings.get({})
    if (name === undefined) return { json: now, text: settingsText(now, NAMES) }
    const setting = SETTINGS[name]
    if (setting === undefined) {
      throw usageError(`There is no setting ${plain(name)}.`, `There are ${NAMES.join(', ')}.`)
    }
    if (value === undefined) return { json: now, text: settingsText(now, [name]) }
    const change = setting.read(value, now)
    if (change === null) throw usageError(`${plain(value)} is no value for ${name}.`, setting.remedy)
    const changed = await client.settings.set(change)
    return { json: changed, text: settingsText(changed, [name]) }
  })
}

function settingsText(values: Settings, names: readonly string[]): string {
  return columns(
    names.flatMap((name) => {
      const setting = SETTINGS[name]
      return setting === undefined ? [] : [[name, setting.shown(values), setting.means]]
    }),
  )
}

async function diagnostics(context: CliContext, options: { readonly out?: string }): Promise<Answer> {
  return withNode(context, async ({ client }) => {
    const { text } = await client.settings.diagnostics({})
    if (options.out === undefined) return { json: JSON.parse(text) as unknown, text }
    const path = resolve(context.terminal.cwd, options.out)
    writeNewFile(path, text)
    return { json: { path }, text: `Wrote ${path}\n` }
  })
}
