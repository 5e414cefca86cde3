// What lies in an exchange folder beside the notes: its marker, profiles, and names.
import type { FolderAdapter, FolderEntry } from '../../../core/exchange/folder-adapter.ts'
import { isFoldedNodeName, meaningOf, nodeFolderName, nodeOfFolderName } from '../../../core/exchange/exchange-paths.ts'
import { readMarker } from '../../../core/exchange/marker.ts'
import { judgeProfile } from '../../../core/exchange/peer-files.ts'
import { judgeName, nameKey } from '../../../core/bundles/entry-names.ts'
import { layOut } from '../../../core/bundles/layout.ts'
import { createVerifier, parseSegmentName, segmentName } from '#core/receipts/index.ts'
import { blownUp, mutateBytes } from '../mutate-bytes.ts'
import { must, type Target } from '../target.ts'
import { ada, hostileJson, hostileLine, lines, newest, textOf } from './samples.ts'

const markers = [
  JSON.stringify({ format: 'steward-exchange/1', network: newest.id, name: 'test network' }),
  JSON.stringify({ format: 'steward-exchange/1', network: newest.id, name: 'Größe', later: { a: 1 } }),
]

const marker: Target = {
  name: 'marker',
  make: (random) => hostileJson(random, markers, 4096),
  async check(bytes) {
    const reading = await readMarker(folderWith(bytes), 'exchange')
    must(reading.found === 'marker' || reading.found === 'unfinished', 'a marker is read, or not finished')
    if (reading.found !== 'marker') return
    const { network, name } = reading.marker
    const again = await readMarker(folderWith(Buffer.from(JSON.stringify(reading.marker))), 'exchange')
    must(
      again.found === 'marker' && again.marker.network === network && again.marker.name === name,
      'printed again it is the same',
    )
  },
}

/** A folder that holds this one file. */
function folderWith(bytes: Uint8Array): FolderAdapter {
  const only: Pick<FolderAdapter, 'read' | 'stat'> = {
    read: (_path, limitBytes) => Promise.resolve(bytes.subarray(0, limitBytes + 1)),
    stat: (path) =>
      Promise.resolve({
        kind: path.endsWith('/.') ? 'folder' : 'file',
        sizeBytes: bytes.length,
        mtimeNs: '0',
        blocks: 8,
      }),
  }
  return only as FolderAdapter // Nothing else is asked for by who reads.
}

const profile: Target = {
  name: 'profile',
  make: (random) =>
    random.oneIn(300)
      ? blownUp(random, Buffer.from(`${lines[0]}\n`), 16 * 1024 + random.below(2))
      : hostileLine(random),
  check(bytes) {
    const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })
    const verdict = judgeProfile({ verifier: () => verifier }, ada.id, bytes)
    must(
      verdict.ok !== true || (verdict.value.name.length >= 1 && verdict.value.name.length <= 64),
      'a profile has a name',
    )
  },
}

const NAMES = [
  '1-5.jsonl',
  '5-5 (1).jsonl',
  '1-5.sync-conflict-20261121-120000-ABCDEFG.jsonl',
  "1-5 (ada's conflicted copy).jsonl",
  '.1-5.jsonl.icloud',
  '1-5.jsonl.dropbox',
  'head',
  'profile.json',
  'seen',
  '.head.tmp',
  '.DS_Store',
  'steward-exchange.json',
  nodeFolderName(ada.id),
  nodeFolderName(ada.id).toLowerCase(),
  `nodes/${nodeFolderName(ada.id)}/feed/1-5.jsonl`,
  `nodes/${nodeFolderName(ada.id)}/blobs/ab/${'ab'.repeat(32)}`,
  'a/../b',
  'C:\\x',
  'CON',
  'é',
  'e\u0301',
  '_report/a.json',
].map((name) => Buffer.from(name))

const names: Target = {
  name: 'names',
  make: (random) =>
    random.oneIn(200) ? blownUp(random, random.pick(NAMES), 10_000) : mutateBytes(random, random.pick(NAMES)),
  check(bytes) {
    const name = textOf(bytes)
    const range = parseSegmentName(name)
    must(range === null || segmentName(range.first, range.last) === name, 'a range has one spelling')
    for (const kind of ['file', 'folder', 'other'] satisfies FolderEntry['kind'][]) {
      const meaning = meaningOf({ name, kind }, ['head', 'seen', 'feed', 'profile.json'])
      must(meaning.is !== 'segment' || kind === 'file', 'a segment is a plain file')
    }
    const node = nodeOfFolderName(name)
    must(node === null || nodeFolderName(node) === name, 'a node’s folder is named in one way')
    must(node === null || !isFoldedNodeName(name), 'a name that holds is none that lost its capitals')
    must(nameKey(nameKey(name)) === nameKey(name), 'the key of a name is its own key')
    if (judgeName(name) !== null) return
    const { nodes, markers: found, contents, lines: loose, misnamed, foreign } = layOut([{ name, sizeBytes: 1 }], [])
    const placed = [...nodes.values()].reduce(
      (sum, files) => sum + files.heads.length + files.profiles.length + files.seens.length + files.segments.length,
      found.length + contents.length + loose.length + misnamed.length + foreign,
    )
    must(placed === 1, 'every file of a bundle is in one place')
  },
}

export const folderTargets = [marker, profile, names]
