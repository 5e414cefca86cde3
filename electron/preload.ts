// The only code of ours between page and shell. The page gets a version, what only the shell can answer or show, and
// a road for its port; no Electron object ever reaches it.
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { CHANNELS, CONNECT_WORD } from './channels.ts'

const VERSION_ARGUMENT = '--steward-version='

contextBridge.exposeInMainWorld('steward', {
  version: process.argv.find((argument) => argument.startsWith(VERSION_ARGUMENT))?.slice(VERSION_ARGUMENT.length) ?? '',
  /** Where a dropped file lies; empty for a file that has no place on this machine. */
  pathOf: (file: File) => webUtils.getPathForFile(file),
  /** The system's folder dialog; null where the person cancelled. */
  chooseFolder: () => ipcRenderer.invoke(CHANNELS.chooseFolder),
  /** Shows the folder of a report in the system's file manager; false where it is not there any more. */
  showReport: (folder: string) => ipcRenderer.invoke(CHANNELS.showReport, folder),
})

window.addEventListener('message', (event) => {
  const [port] = event.ports
  const ours = event.source === window && event.origin === window.location.origin && event.data === CONNECT_WORD
  if (ours && port !== undefined) ipcRenderer.postMessage(CHANNELS.connect, null, [port])
})
