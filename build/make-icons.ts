// The icons of the packaged app, drawn from renderer/icon.svg into out/icons/: the mark on a tile, in the sizes that Linux asks for
// and as one large picture for macOS and Windows, from which electron-builder makes their formats.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

const ROOT = join(import.meta.dirname, '..')
const FOLDER = join(ROOT, 'out', 'icons')
const LINUX_SIZES = [16, 32, 48, 64, 128, 256, 512]
const GROUND = '#0f6a73'
const MARK = '#f7f5f0'

/** Of 1024: macOS wants air around its tiles, the others use the whole square. */
const MARGIN = { mac: 100, others: 24 }

await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
const path = / d="([^"]+)"/.exec(readFileSync(join(ROOT, 'renderer', 'icon.svg'), 'utf8'))?.[1]
if (path === undefined) throw new Error('renderer/icon.svg holds no path any more.')

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(join(FOLDER, 'linux'), { recursive: true })
for (const size of LINUX_SIZES) draw(join('linux', `${size}x${size}.png`), size, MARGIN.others)
draw('app.png', 1024, MARGIN.others)
draw('mac.png', 1024, MARGIN.mac)

function draw(name: string, size: number, margin: number): void {
  const svg = tile(path ?? '', margin)
  writeFileSync(join(FOLDER, name), new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng())
}

function tile(mark: string, margin: number): string {
  const side = 1024 - 2 * margin
  const scale = (side * 0.78) / 24
  const start = (1024 - 24 * scale) / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">
    <rect x="${margin}" y="${margin}" width="${side}" height="${side}" rx="${side * 0.225}" fill="${GROUND}"/>
    <path transform="translate(${start} ${start}) scale(${scale})" d="${mark}" fill="none" stroke="${MARK}"
      stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>
  </svg>`
}
