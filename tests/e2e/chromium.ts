// Which Chromium the tests of the window use: named by hand, the system's, or the one that playwright installed.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

/** Path of an executable, or null where none is found. `CHROMIUM_PATH` goes first. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && named !== '') return named
  return [...SYSTEM, chromium.executablePath()].find((path) => existsSync(path)) ?? null
}

export function howToGetChromium(): string {
  return [
    'To run them too, install it and run the command again:',
    '  Debian, Ubuntu:  apt-get install chromium',
    '  elsewhere:       npx playwright install chromium',
    'or name one by CHROMIUM_PATH.',
  ].join('\n')
}

/** Root needs --no-sandbox; the rest keeps the browser from talking to anyone. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication',
]
