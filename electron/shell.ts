// The desktop shell, put together: one instance, one window, the page, the core, and what the tray tells.
import { randomBytes } from 'node:crypto'
import type * as ElectronModule from 'electron'
import type { BrowserWindow } from 'electron'
import {
  StewardError,
  dataFolder,
  readPageFiles,
  startDesktopNode,
  type ChangeEvent,
  type DesktopNode,
  type Settings,
} from '#core/hosts/desktop/index.ts'
import { appSchemes, blockOtherRequests, servePage } from './app-scheme.ts'
import { listenToPages } from './ipc.ts'
import { systemKeychain } from './key-storage.ts'
import { parseLaunchArguments } from './launch-arguments.ts'
import { applicationMenu } from './menu.ts'
import { confineDownloads, confineNavigation } from './navigation.ts'
import { newsBetween } from './news.ts'
import { denyPermissions } from './permissions.ts'
import { relayPort } from './port-relay.ts'
import { createTray, type StewardTray } from './tray.ts'
import { introduceToWindows } from './windows-identity.ts'
import { createWindow, pageUrl } from './window.ts'

export type Electron = Pick<
  typeof ElectronModule,
  | 'app'
  | 'BrowserWindow'
  | 'Menu'
  | 'Notification'
  | 'Tray'
  | 'dialog'
  | 'ipcMain'
  | 'nativeImage'
  | 'protocol'
  | 'safeStorage'
  | 'session'
  | 'shell'
>

export interface ShellOptions {
  /** Folder of the built page. */
  readonly pageFolder: string
  /** Path of the built preload script. */
  readonly preload: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly cwd: string
  /** PNG as a data URL. */
  readonly trayIcon: string
  readonly log: (line: string) => void
}

/** Everything that must happen before the app is ready happens here, synchronously. */
export function startShell(electron: Electron, options: ShellOptions): void {
  const { app } = electron
  const wish = parseLaunchArguments(options.argv)
  if (!app.requestSingleInstanceLock()) return app.quit()

  electron.protocol.registerSchemesAsPrivileged(appSchemes)
  app.enableSandbox()
  introduceToWindows(app, options.platform)
  confineNavigation(electron)
  const shell = createShell(electron, options)
  app.on('second-instance', (_event, argv) => shell.open(parseLaunchArguments(argv).route))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    shell.open(parseLaunchArguments([url]).route)
  })
  app.on('activate', () => shell.open('#/overview'))
  // The tray keeps it running; `Quit` ends it.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    if (shell.stopped()) return
    event.preventDefault()
    void shell.stop().then(() => app.quit())
  })
  void app.whenReady().then(() => shell.start(wish.home, wish.route))
}

interface DesktopShell {
  start(home: string | undefined, route: string): Promise<void>
  open(route: string): void
  stop(): Promise<void>
  stopped(): boolean
}

function createShell(electron: Electron, options: ShellOptions): DesktopShell {
  const { app, dialog } = electron
  let node: DesktopNode | null = null
  let window: BrowserWindow | null = null
  let tray: StewardTray | null = null
  let before: ChangeEvent | null = null
  let over = false

  const open = (route: string) => {
    if (node === null) return
    if (window === null) {
      window = createWindow({ ...electron, preload: options.preload, version: app.getVersion() }, route)
      window.on('closed', () => (window = null))
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    // Only what stands after the # differs, so the page stays as it is and shows another of its screens.
    void window.loadURL(pageUrl(route))
  }

  const onChange = (event: ChangeEvent, settings: Settings) => {
    const { openConflicts, pendingNodes } = event.counters
    app.setBadgeCount(openConflicts)
    tray?.show(openConflicts, pendingNodes)
    const now = new Date()
    const news = before === null ? [] : newsBetween(before, event, settings, now.getHours() * 60 + now.getMinutes())
    before = event
    for (const { title, body, route } of news) {
      const notification = new electron.Notification({ title, body })
      notification.on('click', () => open(route))
      notification.show()
    }
  }

  return {
    async start(homeOption, route) {
      const session = electron.session.defaultSession
      denyPermissions(session)
      confineDownloads(session)
      blockOtherRequests(session)
      electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(applicationMenu(options.platform, open)))
      servePage(electron.protocol, readPageFiles(options.pageFolder), () => randomBytes(18).toString('base64url'))
      listenToPages({
        ...electron,
        windowOf: (contents) => electron.BrowserWindow.fromWebContents(contents),
        connect: (port) => relayPort(port, (events) => node?.connect(events) ?? null),
      })
      try {
        const { env, platform, cwd, log } = options
        node = await startDesktopNode({
          home: dataFolder({ option: homeOption, env, platform, cwd }),
          version: app.getVersion(),
          keychain: await systemKeychain(electron.safeStorage, platform),
          log,
          onChange,
        })
      } catch (thrown) {
        sayWhyNot(dialog, thrown)
        over = true
        return app.quit()
      }
      const icon = electron.nativeImage.createFromDataURL(options.trayIcon)
      tray = createTray({ ...electron, icon, open, quit: () => app.quit() })
      open(route)
      void node.over.then((how) => {
        over = true
        if (how === 'gave-up') {
          dialog.showErrorBox(
            'Steward has stopped',
            'Its core ended several times. Receipts that were acknowledged are safe; start it again, and if it comes back, run `steward doctor`.',
          )
          app.quit()
        }
      })
    },
    open,
    async stop() {
      await node?.stop()
      over = true
    },
    stopped: () => over,
  }
}

function sayWhyNot(dialog: Electron['dialog'], thrown: unknown): void {
  if (!(thrown instanceof StewardError)) throw thrown
  dialog.showErrorBox(thrown.happened, `${thrown.kept}\n${thrown.remedy}`)
}
