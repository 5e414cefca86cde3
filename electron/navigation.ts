// The window shows its page and goes nowhere else. Links to the outside are shown in full before a browser opens them.
import type { App, Dialog, Session, Shell, WebContents } from 'electron'
import { APP_ORIGIN } from './app-scheme.ts'

export interface NavigationDeps {
  readonly app: Pick<App, 'on'>
  readonly dialog: Pick<Dialog, 'showMessageBox'>
  readonly shell: Pick<Shell, 'openExternal'>
}

/** Applies to every page of the app, whichever way it came to be. */
export function confineNavigation(deps: NavigationDeps): void {
  deps.app.on('web-contents-created', (_event, contents) => confine(contents, deps))
}

function confine(contents: WebContents, deps: NavigationDeps): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url, deps)
    return { action: 'deny' }
  })
}

/** Saving what the page itself made (a proof, a diagnostics file) is all there is to download. */
export function confineDownloads(session: Pick<Session, 'on'>): void {
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) event.preventDefault()
  })
}

/**
 * Whether a person may be asked to open an address: `https:` with a plain ASCII name, nothing that hides where it leads.
 * Nothing is opened without asking.
 */
export function mayAskToOpen(url: string): boolean {
  // Backslashes, controls and blanks are read differently by different programs.
  if (!/^https:\/\/[!-[\]-~]+$/i.test(url) || !URL.canParse(url)) return false
  const { protocol, hostname, username, password, port } = new URL(url)
  const named =
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname) && !hostname.split('.').some((part) => part.startsWith('xn--'))
  return protocol === 'https:' && named && username === '' && password === '' && port === ''
}

async function openOutside(url: string, { dialog, shell }: Omit<NavigationDeps, 'app'>): Promise<void> {
  if (!mayAskToOpen(url)) return
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this address in your browser?',
    detail: url,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  })
  if (response === 0) await shell.openExternal(url)
}
