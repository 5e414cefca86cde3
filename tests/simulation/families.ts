// Everything that can happen in a simulation. A feature that brings faults or habits of its own adds its file here.
import { machineFaults } from './faults/machine.ts'
import { transportFaults } from './faults/transport.ts'
import type { Family } from './machinery/family.ts'
import { stewards } from './people/stewards.ts'

export const families: readonly Family[] = [...transportFaults, ...machineFaults, ...stewards]
