// A process that takes a data folder's lock, says how that went, and keeps it until it is killed.
import { lockHome } from '../../../core/hosts/machine/lock-adapter.ts'

const [home = ''] = process.argv.slice(2)
lockHome(home, () => true).then(
  () => {
    console.log('held')
    setInterval(() => undefined, 60_000)
  },
  (thrown: unknown) => console.log(thrown instanceof Error && 'code' in thrown ? thrown.code : thrown),
)
