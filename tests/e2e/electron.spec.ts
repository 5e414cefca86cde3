// The desktop shell, live. Runs wherever the electron package has its binary; configuration is tested everywhere, on a fake.
import { _electron, expect, test } from 'playwright/test'
import { electronBinary } from '#core/hosts/launcher/index.ts'
import { World } from './steward.ts'

const binary = electronBinary()
const WHY_NOT = 'Electron specs: skipped, the electron package has no binary here (`npx install-electron` fetches it).'

if (binary === null) console.log(WHY_NOT)
test.skip(binary === null, WHY_NOT)

test('the window opens on the first run, shut off from Node, and quits cleanly', async () => {
  await using world = new World()
  const app = await _electron.launch({
    executablePath: binary ?? '',
    args: ['.', '--no-sandbox'],
    env: { ...environment(), STEWARD_HOME: world.home('desktop').home },
  })
  try {
    const page = await app.firstWindow()
    await expect(page.getByRole('button', { name: 'Try a sample network' })).toBeVisible()
    expect(page.url()).toMatch(/^app:\/\/steward\//)
    const reach = await page.evaluate(() => [
      typeof Reflect.get(globalThis, 'require'),
      typeof Reflect.get(globalThis, 'process'),
    ])
    expect(reach).toEqual(['undefined', 'undefined'])
  } finally {
    await app.close()
  }
})

test('a window never leaves its own pages and opens no other', async () => {
  await using world = new World()
  const app = await _electron.launch({
    executablePath: binary ?? '',
    args: ['.', '--no-sandbox'],
    env: { ...environment(), STEWARD_HOME: world.home('desktop').home },
  })
  try {
    const page = await app.firstWindow()
    await page.getByRole('button', { name: 'Try a sample network' }).waitFor()
    await page.evaluate(() => {
      window.open('https://example.org/')
      location.href = 'https://example.org/'
    })
    await expect(page.getByRole('button', { name: 'Try a sample network' })).toBeVisible()
    expect(app.windows()).toHaveLength(1)
    expect(page.url()).toMatch(/^app:\/\/steward\//)
  } finally {
    await app.close()
  }
})

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
