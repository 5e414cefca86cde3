import { expect, test } from 'vitest'
import { introduceToWindows } from '../../../electron/windows-identity.ts'

function appThatRemembers(isPackaged: boolean) {
  const told: string[] = []
  const app = {
    isPackaged,
    setAppUserModelId: (id: string) => void told.push(id),
    setAsDefaultProtocolClient: (scheme: string) => told.push(scheme) > 0,
  }
  return { app, told }
}

test('the installed app tells Windows whose notifications these are and that steward:// links are its own', () => {
  const { app, told } = appThatRemembers(true)
  introduceToWindows(app, 'win32')
  expect(told).toEqual(['app.steward.desktop', 'steward'])
})

test('elsewhere the package has said so, and a run from the sources takes no links over', () => {
  const [onLinux, fromSources] = [appThatRemembers(true), appThatRemembers(false)]
  introduceToWindows(onLinux.app, 'linux')
  introduceToWindows(fromSources.app, 'win32')
  expect([...onLinux.told, ...fromSources.told]).toEqual([])
})
