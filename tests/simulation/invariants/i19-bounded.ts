import { mustHold, type Invariant } from '../machinery/invariant.ts'

export const bounded: Invariant = {
  id: 'I19',
  holds: 'No queue grows beyond what the machines can have under way.',
  often(world) {
    const most = 20_000 * world.machines.length
    mustHold(world.queueLength < most, 'I19', () => `${world.queueLength} events wait in the queue.`)
    for (const machine of world.machines) {
      const pending = machine.life?.pending.size ?? 0
      mustHold(pending < 2_000, 'I19', () => `${machine.name} has ${pending} calls under way.`)
    }
  },
}
