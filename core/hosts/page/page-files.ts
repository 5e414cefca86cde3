// The files of the window's page, as built: a fixed list, read once at start. A request can name one of them or nothing,
// so there is no path for anybody to play with.
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { StewardError } from '#core/problem/index.ts'

export interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array
}

export interface PageFiles {
  /** By exact path, such as `/assets/index-1a2b.js`. The page itself is not among them. */
  readonly byPath: ReadonlyMap<string, PageFile>
  /** The page for one load: its nonce is where the window's code looks for it. */
  page(nonce: string): Uint8Array
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}
export const PAGE_TYPE = 'text/html; charset=utf-8'

/** Where the window's code looks for the nonce of its styles. */
const NONCE_PLACE = /(<meta name="steward-nonce" content=")("\s*\/?>)/

/** @throws StewardError PAGE_NOT_BUILT where `folder` holds no built page. */
export function readPageFiles(folder: string): PageFiles {
  const html = readPage(folder)
  return {
    byPath: new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
        .map((entry) => {
          const file = join(entry.parentPath, entry.name)
          const path = file.slice(folder.length).split(sep).join('/')
          return [path, { type: TYPES[extname(entry.name)] ?? '', bytes: readFileSync(file) }]
        }),
    ),
    page: (nonce) =>
      Buffer.from(html.replace(NONCE_PLACE, (_, before: string, after: string) => before + nonce + after)),
  }
}

function readPage(folder: string): string {
  try {
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    if (NONCE_PLACE.test(html)) return html
    throw new Error('index.html has no place for the nonce')
  } catch (cause) {
    throw new StewardError({
      code: 'PAGE_NOT_BUILT',
      happened: 'The window of Steward is not built yet.',
      kept: 'Nothing was changed.',
      remedy: 'Run `npm run build` once, then start again.',
      cause,
    })
  }
}
