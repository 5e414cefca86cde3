// On macOS and Linux the package tells the system which links are ours and whose notifications these are; on Windows the app does.
import type { App } from 'electron'
import { APP_ID, LINK_SCHEME } from './app-id.ts'

export function introduceToWindows(
  app: Pick<App, 'isPackaged' | 'setAppUserModelId' | 'setAsDefaultProtocolClient'>,
  platform: NodeJS.Platform,
): void {
  if (platform !== 'win32' || !app.isPackaged) return
  app.setAppUserModelId(APP_ID)
  app.setAsDefaultProtocolClient(LINK_SCHEME)
}
