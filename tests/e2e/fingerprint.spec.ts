import { cpSync, renameSync, rmSync } from 'node:fs'
import { test } from 'playwright/test'
import { World, type Steward } from './steward.ts'
import { expectSameFingerprint, observe, threeNodes } from './three-nodes.ts'

test('three nodes come to one fingerprint after starts, kills and folder copies in any order', async () => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  const stewards = [ada, ben, cleo].map(({ steward }) => steward)
  const running = new Map([ada, ben, cleo].map((serving) => [serving.steward, serving]))
  const random = sequence(20261121)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T

  for (let step = 0; step < 24; step++) {
    const steward = pick(stewards)
    switch (pick(['sign', 'sign', 'kill', 'stop', 'start', 'copy', 'rename'] as const)) {
      case 'sign':
        await observeAt(steward, step)
        break
      case 'kill':
        await running.get(steward)?.kill()
        running.delete(steward)
        break
      case 'stop':
        await running.get(steward)?.stop()
        running.delete(steward)
        break
      case 'start':
        if (!running.has(steward)) running.set(steward, await steward.serve())
        break
      case 'copy':
        // What a stick or a slow sync tool does: the folder comes back as a copy, with other times and inodes.
        cpSync(world.exchange, `${world.exchange}-copy`, { recursive: true })
        // Moved away whole: nodes write into it at any moment, and a folder that is being written to is not removed for sure.
        renameSync(world.exchange, `${world.exchange}-old`)
        renameSync(`${world.exchange}-copy`, world.exchange)
        rmSync(`${world.exchange}-old`, { recursive: true, maxRetries: 5 })
        break
      case 'rename':
        renameSync(world.exchange, `${world.exchange}-away`)
        await observeAt(steward, step)
        renameSync(`${world.exchange}-away`, world.exchange)
        break
    }
  }
  for (const steward of stewards) if (!running.has(steward)) running.set(steward, await steward.serve())
  const all = [...running.values()]
  for (const serving of [...all, ...all]) await serving.client.exchange.sync({})
  await expectSameFingerprint(...all)

  /** By the running node where it runs, otherwise by a command of its own. */
  async function observeAt(steward: Steward, step: number): Promise<void> {
    const serving = running.get(steward)
    const subject = `report/${step % 5}.json`
    if (serving === undefined) await steward.run(...SIGN, '--subject', subject, '--body', `{"receipt_count":${step}}`)
    else await observe(serving, subject, step)
  }
})

const SIGN = ['sign', '--kind', 'evidence/observed'] as const

/** The same draws on every run, so that a failure can be looked at again. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
