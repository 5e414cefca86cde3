// Electron's entry: hands the real Electron to the shell.
import { join } from 'node:path'
import * as electron from 'electron'
import { startShell } from './shell.ts'
import { TRAY_ICON } from './tray-icon.ts'

startShell(electron, {
  pageFolder: join(import.meta.dirname, '../renderer'),
  preload: join(import.meta.dirname, '../preload/index.cjs'),
  argv: process.argv.slice(1),
  env: process.env,
  platform: process.platform,
  cwd: process.cwd(),
  trayIcon: TRAY_ICON,
  log: (line) => console.error(line),
})
