// Any interleaving of signing, publishing, reading, half-copied and lost files comes to the same network, with figures that add up.
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { settle, SharedFolder, type Steward } from '#tests/unit/exchange/shared-folder.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const Who = fc.integer({ min: 0, max: 2 })
const Step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('sign' as const), who: Who, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), who: Who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), who: Who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), who: Who, at: fc.nat(2000), file: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hide' as const), who: Who, file: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), who: Who, file: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unplug' as const), who: Who }) },
)
type Step = typeof Step extends fc.Arbitrary<infer T> ? T : never

/** Carries out one step; what it breaks in the folder is put right by `heal`, and receipts whose fate is unknown are noted. */
async function take(
  shared: SharedFolder,
  stewards: readonly Steward[],
  step: Step,
  heal: (() => void)[],
  unaccounted: number[],
): Promise<void> {
  const steward = stewards[step.who] ?? stewards[0]
  if (steward === undefined) return
  switch (step.do) {
    case 'sign':
      steward.observeMany(step.count, `${steward.seq}`)
      return
    case 'publish':
      await steward.exchange.publish()
      return
    case 'read': {
      const { read, released, admitted, known, waiting, held, refused } = await steward.exchange.rescan()
      unaccounted.push(read + released - (admitted + known + waiting + held + refused), refused)
      return
    }
    case 'unplug': {
      const away = `${shared.folder}-away`
      if (!existsSync(shared.folder)) return
      renameSync(shared.folder, away)
      await steward.exchange.rescan()
      renameSync(away, shared.folder)
      return
    }
    default: {
      const names = existsSync(shared.pathOf(steward, 'feed'))
        ? shared.segmentsOf(steward).filter((name) => /^\d+-\d+\.jsonl$/.test(name))
        : []
      const name = names[step.file % Math.max(1, names.length)]
      if (name === undefined) return
      const path = shared.pathOf(steward, 'feed', name)
      const kept = join(shared.root, `kept-${heal.length}`)
      copyFileSync(path, kept)
      if (step.do === 'copy') {
        copyFileSync(path, path.replace('.jsonl', ' (1).jsonl'))
        return
      }
      // An earlier step may have cut it to nothing already.
      if (step.do === 'cut') truncateSync(path, step.at % Math.max(1, readFileSync(path).length))
      else rmSync(path)
      heal.push(() => {
        if (existsSync(shared.pathOf(steward, 'feed'))) copyFileSync(kept, path)
      })
    }
  }
}

test('any interleaving of signing, publishing, reading and half-copied files ends in the same network everywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(Step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await using shared = new SharedFolder()
      const stewards = await shared.three()
      const heal: (() => void)[] = []
      const unaccounted: number[] = []
      for (const step of steps) await take(shared, stewards, step, heal, unaccounted)
      expect(unaccounted.filter((receipts) => receipts !== 0)).toEqual([])
      for (const mend of heal.toReversed()) mend()
      await settle(stewards)
      const [ada, ben, cleo] = stewards
      const signed = ada.seq + ben.seq + cleo.seq
      expect(stewards.map((steward) => steward.receipts())).toEqual([signed, signed, signed])
      expect(new Set(stewards.map((steward) => steward.fingerprint())).size).toBe(1)
      expect(stewards.map((steward) => steward.exchange.view().waiting)).toEqual([0, 0, 0])
    }),
    { numRuns: propertyRuns({ usual: 25 }) },
  )
})
