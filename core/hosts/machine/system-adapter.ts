// The machine, handed to the core as plain arguments: clock, timers, randomness, folders, and threads that verify.
import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { bundleFiles } from '#core/bundles/index.ts'
import { Instant } from '#core/contract/index.ts'
import { createVerificationPool, nodeFolderAdapter, systemTimers, type VerificationPool } from '#core/exchange/index.ts'
import { openHome, sealWithAge, type NodeDeps } from '#core/node/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { openNodeFolder } from '#core/teof/index.ts'
import { createSample, systemTemporaryFolders } from '#core/sample/index.ts'

export interface SystemChoices extends Pick<NodeDeps, 'host' | 'version' | 'keychain' | 'background'> {
  readonly home: string
}

export function systemDeps({ home, ...choices }: SystemChoices): NodeDeps {
  const machine: Omit<NodeDeps, 'sample'> = {
    ...choices,
    home: openHome(home),
    openHome,
    runtime: {
      node: process.versions.node,
      napi: process.versions['napi'],
      platform: process.platform,
      arch: process.arch,
    },
    clock: () => Instant.parse(new Date().toISOString()),
    timers: systemTimers(),
    randomBytes,
    sealUnderPassphrase: sealWithAge,
    folders: nodeFolderAdapter(),
    openReports: (folder) => openReportStore(folder),
    bundleFiles: bundleFiles(),
    openDirectory: openNodeFolder,
    userFolder: homedir(),
    verification: (ledgerFile) => onFirstUse(() => createVerificationPool({ ledgerFile })),
    // The four sentences of a Problem say nothing of a bug, so that this is the only place where it shows.
    onBug: (thrown) => console.error(thrown),
  }
  return { ...machine, sample: createSample({ ...machine, temporary: systemTemporaryFolders() }) }
}

/** Threads cost a tenth of a second to start, and most commands verify nothing. */
function onFirstUse(create: () => VerificationPool): VerificationPool {
  let created: VerificationPool | null = null
  const pool = () => (created ??= create())
  return {
    get size() {
      return pool().size
    },
    expect: () => void pool(),
    readSegment: (task) => pool().readSegment(task),
    judgeBytes: (task) => pool().judgeBytes(task),
    verifyLines: (lines, source) => pool().verifyLines(lines, source),
    close: () => created?.close() ?? Promise.resolve(),
  }
}
