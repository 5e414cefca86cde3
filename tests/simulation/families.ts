// Everything that can happen in a simulation. A feature that brings faults or habits of its own adds its file here.
import { floods } from './faults/floods.ts'
import { lies, rings } from './faults/liars.ts'
import { lyingNotes } from './faults/lying-notes.ts'
import { ledgerFaults, machineFaults, slowFolders } from './faults/machine.ts'
import { oldCopies } from './faults/old-copies.ts'
import { disasters, strangers } from './faults/strangers.ts'
import { transportFaults } from './faults/transport.ts'
import type { Family } from './machinery/family.ts'
import { bundles } from './people/bundles.ts'
import { stewards } from './people/stewards.ts'

export const families: readonly Family[] = [
  ...transportFaults,
  ...machineFaults,
  ...oldCopies,
  ...strangers,
  ...lies,
  ...stewards,
  ...slowFolders,
  ...bundles,
  ...ledgerFaults,
  ...rings,
  ...lyingNotes,
  ...floods,
  ...disasters,
]
