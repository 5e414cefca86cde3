import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openBundle } from '#core/bundles/open-bundle-adapter.ts'
import type { Api } from '#ui/store/api.ts'
import { sendBundle } from '#ui/store/send-bundle.ts'

/** What the core would have been sent, as one file. */
function receiver() {
  const pieces: Buffer[] = []
  let received = 0
  const uploads = {
    begin: () => Promise.resolve({ upload: 'upload' }),
    piece: ({ offset, base64 }: { readonly offset: number; readonly base64: string }) => {
      expect(offset).toBe(received)
      const bytes = Buffer.from(base64, 'base64')
      received += bytes.length
      pieces.push(bytes)
      return Promise.resolve({ received })
    },
    end: () => Promise.resolve({}),
    cancel: () => Promise.resolve({}),
  }
  return { api: { uploads } as unknown as Api, bytes: () => Buffer.concat(pieces) } // only uploads are asked for
}

async function packed(files: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[]): Promise<Buffer> {
  const { api, bytes } = receiver()
  const dropped = files.map(([name, content]) => ({ name, file: new File([content], name) }))
  const one = async function* () {
    yield* dropped
  }
  await sendBundle(api, 'dropped', one(), () => undefined, new AbortController().signal)
  return bytes()
}

/** What the core and what Python find in it. */
async function read(zip: Buffer): Promise<{ readonly core: number; readonly python: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-packed-'))
  try {
    const path = join(folder, 'sent.zip')
    writeFileSync(path, zip)
    const script = 'import zipfile,sys;z=zipfile.ZipFile(sys.argv[1]);print(z.testzip(),len(z.namelist()))'
    const python = execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }).trim()
    const opened = await openBundle({ paths: [path], name: null }, () => undefined)
    if (!opened.ok) throw new Error(JSON.stringify(opened.refused.items))
    await opened.reader.close()
    return { core: opened.reader.files.length, python }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('files that are dropped together arrive as a zip that every reader takes, whatever their names and sizes', async () => {
  const large = new Uint8Array(700_000).map((_, index) => index % 251)
  const zip = await packed([
    ['node-a/_report/a.json', '{"a":1}'],
    ['node-a/_report/Größe 😂.json', '{"b":2}'],
    ['empty.json', ''],
    ['node-a/large.bin', large],
    ['node-a/exactly.bin', large.slice(0, 2 * 128 * 1024)],
  ])
  expect(await read(zip)).toEqual({ core: 5, python: 'None 5' })
})

test('a folder of more files than an old zip could name arrives whole', async () => {
  const files = Array.from({ length: 66_000 }, (_, index) => [`many/${index}.json`, '{}'] as const)
  expect(await read(await packed(files))).toEqual({ core: 66_000, python: 'None 66000' })
}, 180_000)
