import type { Session, WebContents } from 'electron'
import { expect, test } from 'vitest'
import { denyPermissions, type PermissionSession } from '../../../electron/permissions.ts'
import { contents } from './fake-electron.ts'

type Request = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>
type Check = NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>
type Device = NonNullable<Parameters<Session['setDevicePermissionHandler']>[0]>
type Display = NonNullable<Parameters<Session['setDisplayMediaRequestHandler']>[0]>

function handlers() {
  const set: { request?: Request | null; check?: Check | null; device?: Device | null; display?: Display | null } = {}
  const session: PermissionSession = {
    setPermissionRequestHandler: (handler) => void (set.request = handler),
    setPermissionCheckHandler: (handler) => void (set.check = handler),
    setDevicePermissionHandler: (handler) => void (set.device = handler),
    setDisplayMediaRequestHandler: (handler) => void (set.display = handler),
  }
  denyPermissions(session)
  return set
}

const PERMISSIONS = [
  'clipboard-read',
  'display-capture',
  'fullscreen',
  'geolocation',
  'idle-detection',
  'media',
  'midi',
  'notifications',
  'openExternal',
  'pointerLock',
  'storage-access',
  'window-management',
  'fileSystem',
] as const

function granted(permission: Parameters<Request>[1], requestingUrl: string, isMainFrame = true): boolean | undefined {
  let verdict: boolean | undefined
  handlers().request?.(contents(), permission, (given) => (verdict = given), { isMainFrame, requestingUrl })
  return verdict
}

test('the page may put text on the clipboard and nothing else', () => {
  expect(granted('clipboard-sanitized-write', 'app://steward/')).toBe(true)
  for (const permission of PERMISSIONS) expect(granted(permission, 'app://steward/')).toBe(false)
})

test('another page, or a frame in ours, may do nothing at all', () => {
  expect(granted('clipboard-sanitized-write', 'https://evil.example/')).toBe(false)
  expect(granted('clipboard-sanitized-write', 'app://steward/', false)).toBe(false)
})

test('checks answer as requests do', () => {
  const check = handlers().check
  const none: WebContents | null = null
  const ask = (permission: Parameters<Check>[1], origin: string) =>
    check?.(none, permission, origin, { isMainFrame: true, requestingUrl: origin })
  expect(ask('clipboard-sanitized-write', 'app://steward/')).toBe(true)
  expect(ask('clipboard-sanitized-write', 'https://evil.example/')).toBe(false)
  expect(ask('notifications', 'app://steward/')).toBe(false)
})

test('no device and no screen is ever handed out', () => {
  const { device, display } = handlers()
  // The handlers look at nothing of what they are asked.
  expect(device?.({} as Parameters<Device>[0])).toBe(false)
  let streams: unknown = 'unanswered'
  display?.({} as Parameters<Display>[0], (given) => (streams = given))
  expect(streams).toBeNull()
})
