// Cores that are broken on purpose, to see that the simulator notices: each is one change to the text of a module while it is loaded.
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

export interface BrokenBuild {
  readonly name: string
  /** What goes wrong with it, as a steward would put it. */
  readonly what: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** Which invariants may be the ones that notice. */
  readonly caughtBy: readonly string[]
  /** What has to happen for it to show. */
  readonly only: readonly string[]
  /** Seeds that begin with this show it soon. */
  readonly seed: string
  /** What is drawn shows it too rarely: the plan in found/ that does. */
  readonly plan?: string
}

export const brokenBuilds: readonly BrokenBuild[] = [
  {
    name: 'append-skips-fork',
    what: 'A second story of a feed is thrown away instead of kept.',
    file: 'core/ledger/append.ts',
    from: `if (admission.outcome !== 'appended' && admission.outcome !== 'forked') return admission`,
    to: `if (admission.outcome !== 'appended') return admission`,
    caughtBy: ['I6', 'I20', 'I1'],
    only: ['liar/speaks', 'liar/forks', 'person/admits', 'person/observes'],
    seed: 'bb',
  },
  {
    name: 'copies-are-nobodys',
    what: 'A file beside another, “(1)”, is left unread by everybody, and with it the second story that it holds.',
    file: 'core/exchange/exchange-paths.ts',
    from: String.raw`  / \(\d{1,3}\)/g,`,
    to: '',
    caughtBy: ['I6'],
    only: ['liar/speaks', 'liar/forks', 'person/admits'],
    seed: 'bb',
  },
  {
    name: 'copy-of-a-copy-is-nobodys',
    what: 'Of the name of a file beside another only one mark is taken off: what the copy of a copy holds is read by nobody.',
    file: 'core/exchange/exchange-paths.ts',
    from: `COPY_MARKS.reduce((rest, mark) => rest.replace(mark, ''), name)`,
    to: `COPY_MARKS.map((mark) => name.replace(mark, '')).find((rest) => rest !== name) ?? name`,
    caughtBy: ['I6', 'I20'],
    only: ['liar/speaks', 'liar/rubbish', 'person/admits', 'transport/delay', 'transport/conflict-copies'],
    seed: 'ft',
    plan: 'second-story-in-a-copy-of-a-copy',
  },
  {
    name: 'broken-chain-is-refused',
    what: 'A receipt whose predecessor is another is refused, so that which story came first shows.',
    file: 'core/receipts/admit.ts',
    from: `if (predecessor !== undefined && (prev === null || !before.includes(prev)))
    return { outcome: 'forked', other: predecessor }`,
    to: `if (predecessor !== undefined && (prev === null || !before.includes(prev)))
    return refused('bad-receipt', 'broken chain', node) as never`,
    caughtBy: ['I6', 'I8', 'I20', 'I1', 'own-fault'],
    only: ['liar/speaks', 'liar/forks', 'person/admits', 'transport/delay'],
    seed: 'bb',
  },
  {
    name: 'gap-is-crossed',
    what: 'A receipt behind a gap is taken as if nothing were missing.',
    file: 'core/receipts/admit.ts',
    from: 'if (seq > tail.seq + 1) return',
    to: 'if (seq > tail.seq + 2) return',
    caughtBy: ['I8', 'I15', 'I1', 'I16'],
    only: ['person/observes', 'transport/delay'],
    seed: 'bb',
  },
  {
    name: 'merge-by-arrival',
    what: 'The stories put aside are summed up in the order in which they came.',
    file: 'core/network/feed-recourse.ts',
    from: 'ORDER BY receipt.seq, receipt.id',
    to: 'ORDER BY receipt.arrival',
    caughtBy: ['I1', 'I16', 'I20'],
    only: ['liar/speaks', 'liar/forks', 'person/admits', 'transport/delay'],
    seed: 'bb',
  },
  {
    name: 'counts-are-not-kept',
    what: 'The kept counts of receipts are not brought up to date.',
    file: 'core/ledger/append.ts',
    from: 'for (const [kind, count] of ofNode) add.run(nodeKey, kind, count)',
    to: `for (const [kind, count] of ofNode) if (kind !== 'evidence/observed') add.run(nodeKey, kind, count)`,
    caughtBy: ['I16'],
    only: ['person/observes'],
    seed: 'bb',
  },
  {
    name: 'commit-is-not-durable',
    what: 'What was committed since the last checkpoint is gone after a crash.',
    file: 'tests/simulation/machinery/machine.ts',
    from: 'crash(keep: (file: string) => boolean = () => true)',
    to: `crash(keep: (file: string) => boolean = (file) => !file.endsWith('-wal'))`,
    caughtBy: ['I3', 'I7'],
    only: ['person/observes', 'machine/crash', 'folder/unplugged', 'folder/read-only'],
    seed: 'bd',
  },
  {
    name: 'head-before-segment',
    what: 'The head is written before the segment that it names.',
    file: 'core/exchange/publish.ts',
    from: 'await writeOwn(outbox, [...(newest === null ? [] : [segmentFile(newest)]), ...(head === null ? [] : [head])])',
    to: 'await writeOwn(outbox, [...(head === null ? [] : [head]), ...(newest === null ? [] : [segmentFile(newest)])])',
    caughtBy: ['I7'],
    only: ['person/observes'],
    seed: 'bb',
  },
  {
    name: 'signature-is-not-checked',
    what: 'Whatever has the right form counts as signed.',
    file: 'core/receipts/verify.ts',
    from: `const verdict = verifyBytes(node, signedBytes(candidate), Buffer.from(sig, 'base64url'), source)`,
    to: `const verdict = { ...verifyBytes(node, signedBytes(candidate), Buffer.from(sig, 'base64url'), source), ok: true } as typeof VALID`,
    caughtBy: ['I4', 'I7'],
    only: ['liar/speaks', 'liar/rubbish', 'person/admits', 'stranger/changes-bytes'],
    seed: 'bb',
  },
  {
    name: 'restored-node-signs-at-once',
    what: 'A ledger from an old copy signs on before the own head was read back.',
    file: 'core/exchange/exchange.ts',
    from: 'await readOwnHead({ ...pass, files: { ...pass.files, read } })',
    to: 'await Promise.resolve()',
    caughtBy: ['I7'],
    only: ['person/observes', 'machine/ledger-from-old-copy'],
    seed: 'oc',
    plan: 'restored-node-signed-at-once',
  },
  {
    name: 'older-ledger-signs-alone',
    what: 'A ledger from an old copy signs on where no folder is there to contradict it.',
    file: 'core/node/session.ts',
    from: 'if (signedHere() < file.signedSeq) update({ headKnown: false })',
    to: '',
    caughtBy: ['I7'],
    only: ['person/observes', 'machine/ledger-from-old-copy'],
    seed: 'ou',
    plan: 'older-ledger-signed-alone',
  },
  {
    name: 'silence-is-an-answer',
    what: 'A folder that does not answer for a while counts as one that holds no own head.',
    file: 'core/exchange/exchange.ts',
    from: 'if (isSilent) this.#status',
    to: 'if (isSilent) this.#isHeadRead = true; if (isSilent) this.#status',
    caughtBy: ['I7'],
    only: ['person/observes', 'machine/ledger-from-old-copy', 'folder/slow'],
    seed: 'sf',
    plan: 'silence-was-an-answer',
  },
  {
    name: 'failed-commit-is-swallowed',
    what: 'What a full disk did not take is acknowledged all the same.',
    file: 'core/ledger/ledger.ts',
    from: `this.#db.prepare<[], never>(hasChanged ? 'COMMIT' : 'ROLLBACK').run()
      return answer`,
    to: `try { this.#db.prepare<[], never>(hasChanged ? 'COMMIT' : 'ROLLBACK').run() } catch { this.#undo() }
      return answer`,
    caughtBy: ['I3', 'I7', 'own-fault'],
    only: ['person/', 'ledger/full'],
    seed: 'lf',
  },
  {
    name: 'memory-outlives-rollback',
    what: 'What is remembered of the feeds stays as it was after a write that failed.',
    file: 'core/ledger/ledger.ts',
    from: `    this.isDrafted = false
    this.#memo.forget()`,
    to: '    this.isDrafted = false',
    caughtBy: ['I3', 'I7', 'I8', 'I16', 'I20', 'own-fault'],
    only: ['person/observes', 'ledger/full', 'ledger/write-errors'],
    seed: 'lm',
  },
  {
    name: 'commits-in-two',
    what: 'A receipt is committed before what follows from it, and a crash in between leaves it so.',
    file: 'core/ledger/ledger.ts',
    from: `    projectAppended(tx)
    const { topics`,
    to: `    if (!this.isDrafted) { this.raw.exec('COMMIT'); this.raw.exec('BEGIN IMMEDIATE') }
    projectAppended(tx)
    const { topics`,
    caughtBy: ['I3', 'I16', 'I20', 'own-fault'],
    only: ['person/observes', 'machine/crash-anywhere'],
    seed: 'lt',
    plan: 'committed-in-two',
  },
  {
    name: 'deleted-counts-as-there',
    what: 'What somebody deleted from the own folder is not written again.',
    file: 'core/exchange/own-folder.ts',
    from: `return stat?.kind !== 'file' || !isSameFile(file, stat)`,
    to: `return stat !== null && (stat.kind !== 'file' || !isSameFile(file, stat))`,
    caughtBy: ['I20'],
    only: ['person/observes', 'stranger/deletes-one-node', 'machine/ledger-from-old-copy'],
    seed: 'dd',
    plan: 'deleted-counted-as-there',
  },
  {
    name: 'tidies-others-files',
    what: 'Half-written files of other nodes are tidied away.',
    file: 'core/exchange/take-segment.ts',
    from: `    case 'unfinished':
`,
    to: `    case 'unfinished':
      void pass.files.remove(join(pass.folder, file.path))
`,
    caughtBy: ['I18'],
    only: ['person/observes', 'transport/half-written', 'transport/hollow'],
    seed: 'bb',
  },
  {
    name: 'wrong-file-stays-wrong',
    what: 'A file that was found wanting is not read again while it looks the same.',
    file: 'core/exchange/plan-feed.ts',
    from: 'if (pass.isFull) files.push(...suspects',
    to: 'if (pass.isFull && suspects.length > 1e9) files.push(...suspects',
    caughtBy: ['I20'],
    only: ['person/observes', 'transport/hollow'],
    seed: 'bb',
  },
  {
    name: 'own-rot-stays',
    what: 'An own file is only looked at again when its size or time changes: a bit that fell over stays there for everybody.',
    file: 'core/exchange/own-folder.ts',
    from: 'const bytes = await pass.files.read(path, LIMITS.segmentBytes)',
    to: 'const bytes = null as Uint8Array | null',
    caughtBy: ['I20'],
    only: ['person/observes', 'stranger/changes-bytes', 'transport/partition'],
    seed: 'af',
    plan: 'own-file-rotted',
  },
  {
    name: 'no-rescan',
    what: 'Only events make a node look at the folder.',
    file: 'core/exchange/watching.ts',
    from: `        isRescan = true
        soon(null)`,
    to: '        isRescan = false',
    caughtBy: ['I20'],
    only: ['person/observes', 'folder/lost-events', 'folder/unplugged'],
    seed: 'bb',
  },
  {
    name: 'filters-do-not-combine',
    what: 'The severity is ignored where kinds are asked for as well.',
    file: 'core/reconcile/list-conflicts.ts',
    from: '  if (filter.severity !== undefined) {',
    to: '  if (filter.severity !== undefined && filter.kinds === undefined) {',
    caughtBy: ['I17'],
    only: ['person/observes', 'liar/speaks', 'liar/forks', 'person/admits'],
    seed: 'bb',
  },
  {
    name: 'sayings-pile-up',
    what: 'What a node said that it holds stays for ever, whatever else it says since.',
    file: 'core/exchange/peer-records.ts',
    from: `  tx.prepare<[NodeId], never>('DELETE FROM exchange_seen WHERE holder = ?').run(seen.node)
  const put = tx.prepare<[NodeId, NodeId, number, ReceiptId, Instant], never>(
    'INSERT INTO exchange_seen`,
    to: `  const put = tx.prepare<[NodeId, NodeId, number, ReceiptId, Instant], never>(
    'INSERT OR REPLACE INTO exchange_seen`,
    caughtBy: ['own-word'],
    only: ['person/admits', 'liar/speaks', 'liar/lies-of-seen'],
    seed: 'lo',
  },
  {
    name: 'others-words-stop-publishing',
    what: 'Whoever says of a node that it signed more than it did keeps it from publishing.',
    file: 'core/exchange/own-folder.ts',
    from: 'return head !== null && head.seq > Math.max(',
    to: `return Math.max(head?.seq ?? 0, ...sayingsAbout(ledger.read, self).map(({ seq }) => seq)) > Math.max(`,
    caughtBy: ['I20'],
    only: ['person/observes', 'person/admits', 'liar/speaks', 'liar/lies-of-seen'],
    seed: 'bb',
  },
  {
    name: 'stories-without-end',
    what: 'As many stories of one place are kept as somebody cares to sign.',
    file: 'core/receipts/admit.ts',
    from: 'if (stories.length >= LIMITS.storiesPerSeq) {',
    to: 'if (stories.length >= 1e9) {',
    caughtBy: ['I19'],
    only: ['person/admits', 'liar/speaks', 'flood/stories'],
    seed: 'bb',
  },
  {
    name: 'flood-shows-who-came-first',
    what: 'Of a place with more stories than are kept those that came first are compared.',
    file: 'core/network/feed-course.ts',
    from: 'return storiesAtSeq >= LIMITS.storiesPerSeq',
    to: 'return storiesAtSeq >= 1e9',
    caughtBy: ['I20', 'I1'],
    only: ['person/admits', 'liar/speaks', 'flood/stories'],
    seed: 'bb',
  },
  {
    name: 'strangers-take-the-room',
    what: 'Who has made the first folders by name is read, whoever that is, and nobody behind them.',
    file: 'core/exchange/node-folders.ts',
    from: 'named.sort((a, b) => (a.name < b.name ? -1 : 1))',
    to: 'named.sort((a, b) => (a.name < b.name ? -1 : 1)).splice(50)',
    caughtBy: ['I20', 'I1'],
    only: ['person/observes', 'flood/folders'],
    seed: 'bk',
  },
  {
    name: 'strangers-are-remembered',
    what: 'What was noted of a folder of somebody whom nobody admitted stays when the folder is gone.',
    file: 'core/exchange/read-others.ts',
    from: 'if (!pass.isCancelled() && touched === null) forgetStrangersExcept(',
    to: 'if (pass.isCancelled() && touched === null) forgetStrangersExcept(',
    caughtBy: ['I19'],
    only: ['person/observes', 'flood/askers'],
    seed: 'bi',
  },
  {
    name: 'own-clock',
    what: 'A time is taken from the machine and not from who runs the core.',
    file: 'core/node/session.ts',
    from: `const { time } = parseStoredLine(row.line).receipt
`,
    to: `const { time } = parseStoredLine(row.line).receipt
    if (process.hrtime.bigint() % 2n === 0n) return time
`,
    caughtBy: ['one-story'],
    only: ['person/observes'],
    seed: 'bb',
  },
  {
    name: 'refusals-are-dropped',
    what: 'What is refused is counted and thrown away.',
    file: 'core/exchange/pass.ts',
    from: `    quarantine(tx, refused)
    this.refused++`,
    to: '    this.refused++',
    caughtBy: ['I3'],
    only: ['liar/speaks', 'liar/rubbish', 'person/admits'],
    seed: 'bb',
  },
  {
    name: 'taken-and-early',
    what: 'What waited or was held goes into the ledger and is kept as early as well.',
    file: 'core/exchange/early-receipts.ts',
    from: `'DELETE FROM exchange_early WHERE id = ?'`,
    to: `"UPDATE exchange_early SET outcome = 'held', time = '9999-01-01T00:00:00.000Z' WHERE id = ?"`,
    caughtBy: ['I3'],
    only: ['person/observes', 'transport/delay'],
    seed: 'bb',
  },
  {
    name: 'refused-for-ever',
    what: 'What was refused stays in quarantine though it has come right.',
    file: 'core/exchange/quarantine.ts',
    from: '    if (!isOver && !isOfKnown(tx, refusal)) continue',
    to: '    if (isOver || !isOver) continue',
    caughtBy: ['I3'],
    only: ['person/observes', 'stranger/changes-bytes', 'stranger/cuts-off'],
    seed: 'bb',
  },
  {
    name: 'replay-counts-again',
    what: 'The same bytes under another time are refused once more.',
    file: 'core/exchange/plan-feed.ts',
    from: 'const own = known !== undefined && isFinal(known) && !standsBetter(known) ? [known] : []',
    to: `const own = known !== undefined && known.state === 'done' && !standsBetter(known) && isFinal(known) ? [known] : []`,
    caughtBy: ['I9'],
    only: ['liar/speaks', 'liar/replays', 'person/admits', 'person/observes'],
    seed: 'bb',
  },
  {
    name: 'bundle-drops-second-stories',
    what: 'A bundle loses the second story of a fork, which lies in it as a copy.',
    file: 'core/bundles/layout.ts',
    from: `segment.replace(COPY_MARK, '')`,
    to: 'segment',
    caughtBy: ['I1'],
    only: ['liar/speaks', 'liar/forks', 'person/admits'],
    seed: 'bb',
  },
]

/** Must be called before anything of core is loaded. */
export function breakCore(name: string): BrokenBuild {
  const build = brokenBuilds.find((each) => each.name === name)
  if (build === undefined)
    throw new Error(`There is no broken build called ${name}: ${brokenBuilds.map((b) => b.name).join(', ')}`)
  let isBroken = false
  registerHooks({
    load(url, context, next) {
      if (!url.endsWith(`/${build.file}`)) return next(url, context)
      const text = readFileSync(fileURLToPath(url), 'utf8')
      const broken = text.replace(build.from, () => build.to)
      if (broken === text) throw new Error(`${build.file} does not hold what ${name} would break.`)
      isBroken = true
      return { format: 'module-typescript', shortCircuit: true, source: broken }
    },
  })
  process.once('exit', () => {
    if (!isBroken) {
      console.error(`${build.file} was never loaded.`)
      process.exitCode = 2
    }
  })
  return build
}
