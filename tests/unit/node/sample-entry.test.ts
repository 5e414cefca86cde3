// Into the sample network and out of it again: the own node is untouched, and nothing is left.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { SampleBuilder } from '#core/node/index.ts'
import { identityFromPhrase } from '#core/identity/index.ts'
import { Place, refusal } from '#tests/kit/place.ts'

/** A sample of one node, made as the real one is: by a real core on a folder of its own. */
function smallSample(place: Place): SampleBuilder & { built: number; removed: number; failing: boolean } {
  return {
    built: 0,
    removed: 0,
    failing: false,
    async build() {
      if (this.failing) throw new Error('the disk is full')
      const name = `sample-${this.built++}`
      const actor = await place.core(name)
      const wish = { name, passphrase: null, exchange: null, networkName: 'sample' }
      const { phrase } = await actor.steward.node.create(wish)
      await actor.observe('report.json', { v: 1 })
      await actor.stop()
      return {
        home: actor.home,
        nodes: [name, 'mill-creek', 'north-ridge'],
        key: identityFromPhrase(phrase),
        remove: () => {
          this.removed++
          return Promise.resolve()
        },
      }
    },
  }
}

test('the sample opens beside an own node that stays as it is, and leaves nothing behind', async () => {
  await using place = new Place()
  const sample = smallSample(place)
  const ada = await place.node('ada', { sample })
  await ada.observe('a', { v: 1 })
  const own = await ada.steward.app.state({})

  expect((await ada.steward.sample.create({})).nodes).toHaveLength(3)
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready', sample: true, node: { name: 'sample-0' } })
  // Twice is once.
  await ada.steward.sample.create({})
  expect(sample.built).toBe(1)
  await ada.observe('in the sample', { v: 2 })
  await ada.steward.node.lock({})
  await ada.steward.node.unlock({ passphrase: 'anything' })
  expect((await ada.steward.node.phrase({ passphrase: null })).phrase).toHaveLength(24)
  const wish = { name: 'eve', passphrase: null, exchange: null, networkName: null }
  expect(await refusal(ada.steward.node.create(wish))).toMatchObject({ code: 'SAMPLE_OPEN' })

  await ada.steward.sample.remove({})
  expect(sample.removed).toBe(1)
  expect(await ada.steward.app.state({})).toEqual(own)
  const { items } = await ada.steward.receipts.list({ filter: {}, sort: 'oldest', limit: 10 })
  expect(items.map(({ subject }) => subject)).not.toContain('in the sample')
  expect(await ada.observe('a', { v: 2 })).toMatch(/^sha256:/)
  await ada.steward.sample.remove({})
})

test('without a node the sample is a first look, and after it the first run is still to come', async () => {
  await using place = new Place()
  const sample = smallSample(place)
  const ada = await place.core('ada', { sample })
  const both = await Promise.all([ada.steward.sample.create({}), ada.steward.sample.create({})])
  expect(both[0]).toEqual(both[1])
  expect(sample.built).toBe(1)
  await ada.steward.sample.remove({})
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'no-node', sample: false })
  await ada.steward.node.create({ name: 'ada', passphrase: null, exchange: null, networkName: null })
})

test('a sample that cannot be built leaves the own node at work', async () => {
  await using place = new Place()
  const sample = smallSample(place)
  sample.failing = true
  const ada = await place.node('ada', { sample })
  expect(await refusal(ada.steward.sample.create({}))).toMatchObject({ code: 'INTERNAL' })
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready', sample: false, node: { name: 'ada' } })
  await ada.observe('a', { v: 1 })
})

test('a sample that was built but cannot be opened is removed again', async () => {
  await using place = new Place()
  const sample = smallSample(place)
  const build = sample.build.bind(sample)
  sample.build = async () => ({ ...(await build()), home: `${place.exchange}/file-not-folder\0` })
  const ada = await place.node('ada', { sample })
  expect(await refusal(ada.steward.sample.create({}))).toMatchObject({ code: 'INTERNAL' })
  expect(sample.removed).toBe(1)
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready', sample: false, node: { name: 'ada' } })
})

test('an answer that breaks the contract is a fault of ours, told like any other', async () => {
  await using place = new Place()
  const sample = smallSample(place)
  const build = sample.build.bind(sample)
  sample.build = async () => ({ ...(await build()), nodes: [42 as never] })
  const ada = await place.node('ada', { sample })
  expect(await refusal(ada.steward.sample.create({}))).toMatchObject({ code: 'INTERNAL' })
  expect(ada.bugs).toHaveLength(1)
})

test('stopping the app in the sample removes it, and the next start is the own node', async () => {
  await using place = new Place()
  const sample = smallSample(place)
  const ada = await place.node('ada', { sample })
  await ada.steward.sample.create({})
  await ada.restart()
  expect(sample.removed).toBe(1)
  expect(await ada.steward.app.state({})).toMatchObject({ sample: false, node: { name: 'ada' } })
  expect(existsSync(ada.home)).toBe(true)
})

test('a host without a sample says where there is one', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  expect(await refusal(ada.steward.sample.create({}))).toMatchObject({ code: 'NO_SAMPLE_HERE' })
})
