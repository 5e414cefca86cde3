// The one place that makes windows: none is ever without sandbox and isolation.
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { APP_ORIGIN } from './app-scheme.ts'

export interface WindowDeps {
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow
  /** Path of the built preload script. */
  readonly preload: string
  readonly version: string
}

export function windowOptions({
  preload,
  version,
}: Omit<WindowDeps, 'BrowserWindow'>): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'Steward',
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      // The preload script of a sandboxed page learns the version this way.
      additionalArguments: [`--steward-version=${version}`],
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  }
}

/** Opens the window at one of the page's own addresses, such as `#/conflicts`. */
export function createWindow({ BrowserWindow: Window, ...deps }: WindowDeps, route: string): BrowserWindow {
  const window = new Window(windowOptions(deps))
  window.once('ready-to-show', () => window.show())
  void window.loadURL(pageUrl(route))
  return window
}

export function pageUrl(route: string): string {
  return `${APP_ORIGIN}/${route}`
}
