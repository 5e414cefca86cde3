// Exports and imports as a steward does them in the window, followed to their ends.
import type { BundleImport, ExportWish } from '#core/contract/index.ts'
import { SECOND } from './family.ts'
import type { StewardClient } from './life.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

/** Virtual seconds after which nobody watches an export or import any more. */
const WATCHED_SECONDS = 3_600

export type Wish = Omit<ExportWish, 'to'>

/** True where it lies there in the end. */
export async function exportBundle(world: World, machine: Machine, path: string, wish: Wish): Promise<boolean> {
  await world.do(machine, 'exports', async (steward) => {
    await steward.bundles.export({ ...wish, to: path })
    await followed(world, machine, steward, async () => {
      const shown = (await steward.bundles.current({})).export
      return shown?.to === path && shown.step.state === 'writing' ? null : true
    })
    return null
  })
  return machine.disk.file(path) !== null
}

/** As a steward imports it in the window: dropped, looked at, taken. */
export async function importBundle(world: World, machine: Machine, path: string): Promise<void> {
  await world.do(machine, 'imports', async (steward) => {
    const { id } = await steward.bundles.inspect({ from: { type: 'paths', paths: [path] } })
    const step = (goesOn: BundleImport['step']['state']) =>
      followed(world, machine, steward, async () => {
        const shown = (await steward.bundles.current({})).import
        if (shown?.id !== id) return 'gone'
        return shown.step.state === goesOn ? null : shown.step.state
      })
    const looked = await step('reading')
    if (looked === 'ready') await steward.bundles.import({ id })
    world.seen(`bundle-${(looked === 'ready' ? await step('importing') : looked) ?? 'left-alone'}`)
    return null
  })
}

/** Asks every second until there is an answer. Null where the machine has stopped meanwhile. */
async function followed<T>(
  world: World,
  machine: Machine,
  steward: StewardClient,
  ask: () => Promise<T | null>,
): Promise<T | null> {
  for (let asked = 0; asked < WATCHED_SECONDS; asked++) {
    if (machine.life?.steward !== steward) return null
    const answer = await ask()
    if (answer !== null) return answer
    await rest(world, SECOND)
  }
  return null
}

/** For work that goes on beside the world's own steps. */
export function rest(world: World, ms: number): Promise<void> {
  return new Promise((resolve) => void world.after(ms, resolve))
}
