// A proof that leaves a node holds without it, says what it proves in a sentence, and does not hold once anything was changed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { profileDraft } from '#core/network/index.ts'
import { checkProof, sealProof, type Proof } from '#core/proof/index.ts'
import { createTree, LIMITS, publicKeyFromNodeId, signHead, signReceipt } from '#core/receipts/index.ts'
import { signerFromSeed, TestNode } from '#tests/kit/nodes.ts'
import { Place, refusal } from '#tests/kit/place.ts'
import { disagreement, folderOf, proofOfConflict, twoStories } from '#tests/kit/proofs.ts'

// What was exported is the test's own input here, so its form is known.
const parsed = (text: string) => JSON.parse(text) as Proof

test('a receipt’s proof says who signed what and when, and every check of it holds', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const { items } = await ada.steward.receipts.list({ filter: { node: ben.id }, sort: 'newest', limit: 1 })
  const [newest] = items
  if (newest === undefined) throw new Error('ben signed something')
  const { fileName, text, sentence } = await ada.steward.receipts.proof({ id: newest.id, form: 'json' })
  expect(fileName).toMatch(/^receipt-2-[0-9a-f]{12}\.proof\.json$/)
  expect(sentence).toMatch(
    /^ben signed on 2026-11-21 \d\d:\d\d:\d\d UTC, as receipt #2 of its feed, what it saw at report\/counts\.json \(task pilot\)\.$/,
  )
  const checked = checkProof(parsed(text))
  expect(checked).toMatchObject({ holds: true, sentence, beside: ['Network: network of ada.'] })
  expect(checked.receipts.map(({ role }) => role)).toEqual(['receipt', 'network', 'name', 'name'])
  expect(checked.receipts[0]?.checks.map(({ name, state }) => [name, state])).toEqual([
    ['Canonical form', 'holds'],
    ['Id', 'holds'],
    ['Signature', 'holds'],
    ['Inclusion', 'holds'],
    ['Signed head', 'holds'],
  ])
})

test('a conflict’s proof holds all members and who decided what', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  const open = await proofOfConflict(ada, 'hash-mismatch', 'json')
  expect(open.sentence).toBe('ada and ben signed different things about counts.json (task pilot).')
  expect(
    checkProof(parsed(open.text))
      .receipts.map(({ role }) => role)
      .filter((role) => role === 'member'),
  ).toHaveLength(2)

  const [conflict] = await ada.conflicts()
  if (conflict === undefined) throw new Error('they disagree')
  const members = conflict.members.map(({ receipt }) => receipt)
  const [receipt] = members
  if (receipt === undefined) throw new Error('it has members')
  const { id: conflictId } = conflict
  const decided = {
    conflict: conflictId,
    members,
    verdict: { type: 'pick' as const, receipt },
    reason: 'read twice',
    planStep: null,
  }
  const { id: decision } = await ada.steward.conflicts.decide(decided)
  await place.settle([ada, ben])
  const settled = checkProof(parsed((await proofOfConflict(ben, 'hash-mismatch', 'json')).text))
  expect(settled.holds).toBe(true)
  expect(settled.beside[0]).toMatch(/^ada decided: “For counts\.json, (ada|ben)'s receipt #\d holds\.”$/)
  const [check] = settled.checks.filter(({ name }) => name === 'Decision')
  expect(check?.values).toContainEqual({ label: 'reason', value: 'read twice' })

  // A withdrawal by anybody else takes nothing back, however well it is signed.
  const mallory = signerFromSeed('mallory')
  const body = { decision, reason: 'so that it seems open' }
  const foreign = signReceipt(
    { kind: 'decision/withdrawn', subject: conflict.subject, task: conflict.task, anchor: null, body },
    { seq: 1, prev: null, time: place.now },
    mallory,
  )
  const publicKey = Buffer.from(publicKeyFromNodeId(mallory.node) ?? []).toString('base64')
  const forged = parsed((await proofOfConflict(ben, 'hash-mismatch', 'json')).text)
  const withForeign = checkProof(
    sealProof({
      ...forged,
      receipts: [
        ...forged.receipts,
        { role: 'withdrawal', id: foreign.id, publicKey, line: foreign.line, inclusion: null, head: null },
      ],
    }),
  )
  expect(withForeign.checks.filter(({ state }) => state === 'fails').map(({ name }) => name)).toEqual(['Withdrawal'])

  await ada.steward.conflicts.withdraw({ decision, reason: 'the meter was wrong' })
  await place.settle([ada, ben])
  const open2 = checkProof(parsed((await proofOfConflict(ben, 'hash-mismatch', 'json')).text))
  expect(open2).toMatchObject({ holds: true, beside: ['Network: network of ada.'] })
  expect(open2.checks.map(({ name }) => name)).toContain('Withdrawal')
})

test('a fork’s proof shows two receipts of one key at one number', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  const { text, sentence, fileName } = await proofOfConflict(ben, 'fork', 'json')
  expect(fileName).toMatch(/^fork-[0-9a-f]{12}\.proof\.json$/)
  expect(sentence).toBe('ben told two stories: it signed receipts at #3 of its feed that contradict each other.')
  const checked = checkProof(parsed(text))
  expect(checked.holds).toBe(true)
  expect(checked.checks.find(({ name }) => name === 'Two stories')?.state).toBe('holds')
})

test('a key that told more stories of one place than are kept is proved by two of them', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const mallory = new TestNode('mallory')
  const folder = folderOf(place.exchange, mallory.id)
  mkdirSync(join(folder, 'feed'), { recursive: true })
  const profile = mallory.sign(profileDraft({ name: 'mallory' }), 0)
  for (const name of ['profile.json', 'feed/1-1.jsonl']) writeFileSync(join(folder, name), `${profile.line}\n`)
  const tree = createTree()
  tree.append(profile.leaf)
  const head = { seq: 1, id: profile.id, root: tree.root(), time: profile.receipt.time }
  writeFileSync(join(folder, 'head'), signHead(head, signerFromSeed('mallory')))
  await ada.sync()
  await ada.steward.network.admit({ node: mallory.id })
  for (let story = 0; story <= LIMITS.storiesPerSeq; story++) {
    const { line } = mallory.forkAfter(profile).observe('meter', { story })
    writeFileSync(join(folder, `feed/2-2 (${story + 1}).jsonl`), `${line}\n`)
  }
  await ada.sync()
  const { text, sentence } = await proofOfConflict(ada, 'fork', 'json')
  expect(sentence).toBe('mallory told two stories: it signed receipts at #2 of its feed that contradict each other.')
  const { conflict } = parsed(text)
  expect(conflict).toMatchObject({ kind: 'fork', subject: mallory.id })
  expect(conflict?.members).toHaveLength(2)
  expect(checkProof(parsed(text)).holds).toBe(true)
})

test('what only this node saw is not proved, and the refusal says so', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  ben.clockOffMs = 3_600_000
  await ben.observe('late', { v: 1 })
  await place.settle([ben, ada])
  const held = proofOfConflict(ada, 'held-future', 'json')
  expect(await refusal(held)).toMatchObject({ code: 'NOTHING_SIGNED' })
})

test('a forger who makes the checksum anew is found by what was signed', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  const conflict = parsed((await proofOfConflict(ben, 'hash-mismatch', 'json')).text)
  const fork = parsed((await proofOfConflict(ben, 'fork', 'json')).text)
  const failing = (proof: Proof) => {
    const { holds, checks, receipts } = checkProof(sealProof(proof))
    const failed = [...checks, ...receipts.flatMap((receipt) => receipt.checks)].filter(
      ({ state }) => state === 'fails',
    )
    return holds ? [] : failed.map(({ name }) => name)
  }
  const [first, second, ...rest] = conflict.receipts
  if (first === undefined || second === undefined) throw new Error('two members')
  const withFirst = (change: Partial<typeof first>): Proof => ({
    ...conflict,
    receipts: [{ ...first, ...change }, second, ...rest],
  })
  expect(failing(conflict)).toEqual([])
  expect(failing(withFirst({ line: first.line.replace('"count":12', '"count":13') }))).toEqual([
    'Id',
    'Signature',
    'Inclusion',
  ])
  expect(failing(withFirst({ line: first.line.replace('{', '{ ') }))).toContain('Canonical form')
  expect(failing(withFirst({ publicKey: second.publicKey }))).toEqual(['Signature'])
  expect(failing(withFirst({ head: second.head }))).toEqual(['Signed head'])
  expect(failing(withFirst({ inclusion: second.inclusion }))).toContain('Inclusion')
  // A tree of its own, in which the second receipt of the feed is the first leaf.
  const leaf = first.inclusion?.leaf ?? ''
  const elsewhere = { index: 0, size: 1, leaf, root: leaf, path: [] }
  expect(failing(withFirst({ inclusion: elsewhere, head: null }))).toEqual(['Inclusion'])
  expect(failing({ ...conflict, receipts: conflict.receipts.slice(1) })).toEqual(['Members', 'What they say'])
  expect(failing({ ...conflict, receipts: [first, first, ...rest] })).toContain('Parts')
  const named = conflict.conflict
  if (named === null) throw new Error('a conflict')
  expect(failing({ ...conflict, conflict: { ...named, task: null } })).toEqual(['Conflict id', 'Members'])
  expect(failing({ ...conflict, conflict: null })).toContain('Parts')

  // A fork that is none: the same story twice, or stories of two nodes.
  const forked = fork.conflict
  const [story, , ...others] = fork.receipts
  if (forked === null || story === undefined) throw new Error('a fork')
  const twice = { ...fork, conflict: { ...forked, members: [story.id, story.id] }, receipts: [story, story, ...others] }
  expect(failing(twice)).toContain('Two stories')
})
