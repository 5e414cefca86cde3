// The sample network: a network to try Steward on, made by real cores from real files, in a folder that one click removes.
import { join } from 'node:path'
import type { Instant } from '#core/contract/index.ts'
import type { SampleBuilder, SampleNetwork } from '#core/node/index.ts'
import { invariant } from '#core/problem/index.ts'
import { createActor, type Actor, type ActorDeps } from './actor.ts'
import { createStoryClock } from './story-clock.ts'
import { tellStory, type Cast } from './story.ts'
import type { TemporaryFolders } from './temporary-folder-adapter.ts'

export { systemTemporaryFolders, type TemporaryFolders } from './temporary-folder-adapter.ts'

export interface SampleDeps extends ActorDeps {
  /** The real clock: the story ends at the moment it is told. */
  readonly clock: () => Instant
  readonly temporary: TemporaryFolders
}

/** Tells the story of the sample network when asked to; a story that cannot be told to its end leaves nothing behind. */
export function createSample(deps: SampleDeps): SampleBuilder {
  return {
    async build() {
      const folder = await deps.temporary.make()
      try {
        return await build(deps, folder)
      } catch (thrown) {
        await deps.temporary.remove(folder)
        throw thrown
      }
    },
  }
}

async function build({ temporary, ...deps }: SampleDeps, folder: string): Promise<SampleNetwork> {
  const exchange = join(folder, 'exchange')
  await deps.folders.makeFolder(exchange)
  const clock = createStoryClock(deps.clock())
  const started: Actor[] = []

  async function start(name: string, networkName: string | null): Promise<Actor> {
    const actor = await createActor(deps, () => clock.now(), { name, home: join(folder, name), exchange, networkName })
    started.push(actor)
    return actor
  }
  const feedFolder = (actor: Actor) => join(exchange, 'nodes', actor.node.slice('did:key:'.length), 'feed')

  const cast: Cast = {
    harborLab: () => start('harbor-lab', 'TEOF pilot'),
    millCreek: () => start('mill-creek', null),
    northRidge: () => start('north-ridge', null),
    cedarHollow: () => start('cedar-hollow', null),
    async feedFiles(actor) {
      const listing = await deps.folders.list(feedFolder(actor), 1000)
      return new Set(listing?.entries.map((entry) => entry.name))
    },
    async loseFeedFiles(actor, files) {
      for (const file of files) await deps.folders.remove(join(feedFolder(actor), file))
    },
  }

  try {
    await tellStory(cast, clock)
  } finally {
    for (const actor of started) await actor.stop()
  }
  const [self] = started
  invariant(self !== undefined, 'the story begins with this node')
  return {
    home: self.home,
    nodes: started.map((actor) => actor.name),
    key: self.key,
    remove: () => temporary.remove(folder),
  }
}
