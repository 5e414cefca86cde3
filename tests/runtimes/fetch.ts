// First half of `npm run runtimes`: every Node that the comparison wants, into the cache of this repository.
import { NODE_VERSIONS, nodeBinary } from './node-binaries.ts'

for (const version of NODE_VERSIONS) {
  const found = await nodeBinary(version, true)
  console.log('missing' in found ? `Node ${version}: ${found.missing}` : `Node ${version} is here.`)
}
