// The shell's end of the channels: whoever speaks is checked before what they say is read.
import { statSync } from 'node:fs'
import { isAbsolute, normalize, sep } from 'node:path'
import type { BrowserWindow, Dialog, IpcMain, IpcMainEvent, IpcMainInvokeEvent, MessagePortMain, Shell } from 'electron'
import * as z from 'zod'
import { APP_ORIGIN } from './app-scheme.ts'
import { CHANNELS } from './channels.ts'

export interface IpcDeps {
  readonly ipcMain: Pick<IpcMain, 'on' | 'handle'>
  readonly dialog: Pick<Dialog, 'showOpenDialog'>
  readonly shell: Pick<Shell, 'showItemInFolder'>
  /** Our windows; a page in any other is not ours. */
  readonly windowOf: (contents: IpcMainEvent['sender']) => BrowserWindow | null
  readonly connect: (port: MessagePortMain) => void
}

const Nothing = z.union([z.undefined(), z.null()])
/** A report's folder and no other place: `…/_report/network/<UTC>`. */
const ReportFolder = z
  .string()
  .max(4096)
  .refine((path) => isAbsolute(path) && normalize(path) === path)
  .refine((path) => /^_report\/network\/\d{8}T\d{6}Z(-\d{1,4})?$/.test(path.split(sep).slice(-3).join('/')))

export function listenToPages(deps: IpcDeps): void {
  deps.ipcMain.on(CHANNELS.connect, (event, message: unknown) => {
    const [port, ...more] = event.ports
    const refused = senderWindow(event, deps) === null || !Nothing.safeParse(message).success || more.length > 0
    if (refused || port === undefined) return closeAll(event.ports)
    deps.connect(port)
  })
  deps.ipcMain.handle(CHANNELS.chooseFolder, async (event, message: unknown): Promise<string | null> => {
    const window = senderWindow(event, deps)
    if (window === null || !Nothing.safeParse(message).success) throw new Error('refused')
    const { canceled, filePaths } = await deps.dialog.showOpenDialog(window, {
      properties: ['openDirectory', 'createDirectory'],
    })
    return canceled ? null : (filePaths[0] ?? null)
  })
  deps.ipcMain.handle(CHANNELS.showReport, (event, message: unknown): boolean => {
    const folder = ReportFolder.safeParse(message)
    if (senderWindow(event, deps) === null || !folder.success) throw new Error('refused')
    if (statSync(folder.data, { throwIfNoEntry: false })?.isDirectory() !== true) return false
    // Shown, never opened: opening could start what lies there.
    deps.shell.showItemInFolder(folder.data)
    return true
  })
}

/** The window that speaks, if it is the top frame of our page in one of our windows, and still there. */
function senderWindow(event: IpcMainEvent | IpcMainInvokeEvent, deps: Pick<IpcDeps, 'windowOf'>): BrowserWindow | null {
  const frame = event.senderFrame
  if (frame === null || frame.detached || frame.parent !== null) return null
  if (frame.origin !== APP_ORIGIN) return null
  const window = deps.windowOf(event.sender)
  return window === null || window.isDestroyed() ? null : window
}

function closeAll(ports: readonly MessagePortMain[]): void {
  for (const port of ports) port.close()
}
