import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseLaunchArguments, routeOf } from '../../../electron/launch-arguments.ts'

const ID = `sha256:${'a'.repeat(64)}`

test.each([
  ['steward://conflicts', '#/conflicts'],
  ['steward://conflicts/', '#/conflicts'],
  [`steward://conflicts/${ID}`, `#/conflicts/${encodeURIComponent(ID)}`],
  ['steward://network/did:key:z6MkfrQj3wTD', `#/network/${encodeURIComponent('did:key:z6MkfrQj3wTD')}`],
  ['steward://reports', '#/reports'],
  ['steward://settings', '#/settings'],
])('%s opens %s', (link, route) => {
  expect(routeOf(link)).toBe(route)
})

test.each([
  'steward://',
  'steward://elsewhere',
  'steward://conflicts/a/b',
  'steward://conflicts/../settings',
  'steward://conflicts?decide=1',
  'steward://conflicts#x',
  'steward://conflicts/%2e%2e',
  'steward://user@conflicts',
  'steward:conflicts',
  'https://conflicts/',
  'steward://conflicts/<script>',
  'steward://CONFLICTS',
])('%s opens nothing', (link) => {
  expect(routeOf(link)).toBeNull()
})

test('whatever a start names, the window opens at one of its own addresses', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.constant('steward://conflicts/').chain((link) => fc.string().map((tail) => link + tail)),
        ),
      ),
      (argv) => {
        expect(parseLaunchArguments(argv).route).toMatch(
          /^#\/(overview|conflicts|tasks|receipts|network|reports|settings)(\/[\w%]+)?$/,
        )
      },
    ),
  )
})

test('the data folder is taken from the start', () => {
  expect(parseLaunchArguments(['.', '--home=/data/ada'])).toEqual({ route: '#/overview', home: '/data/ada' })
})
