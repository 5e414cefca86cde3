// What the page may ask of the system: to put text on the clipboard, and nothing else.
import type { Session } from 'electron'
import { APP_ORIGIN, parseOurs } from './app-scheme.ts'

const ALLOWED = 'clipboard-sanitized-write'

export type PermissionSession = Pick<
  Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
>

export function denyPermissions(session: PermissionSession): void {
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(permission === ALLOWED && details.isMainFrame && parseOurs(details.requestingUrl) !== null),
  )
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === ALLOWED && origin.replace(/\/$/, '') === APP_ORIGIN,
  )
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null))
}
