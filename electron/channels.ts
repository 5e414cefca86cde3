// Every channel between the page's preload script and the shell. There are no others.

export const CHANNELS = {
  /** The page hands over one end of a port; the shell connects the other to the core. */
  connect: 'steward:connect',
  /** Asks for the system's folder dialog; answers with a path or null. */
  chooseFolder: 'steward:choose-folder',
  /** Asks for the folder of a report to be shown in the system's file manager; answers whether it was. */
  showReport: 'steward:show-report',
} as const

/** What the page posts to its own window to reach the preload script, with the port. */
export const CONNECT_WORD = 'steward-connect'
