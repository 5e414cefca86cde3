// The thread that a core lives in.
import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '#core/problem/index.ts'
import { runCore } from './core-in-thread.ts'
import { giveWayToTheWindow } from './give-way.ts'
import { forgetFormData } from './no-form-data.ts'
import type { CoreThreadSettings } from './thread-messages.ts'

invariant(parentPort !== null, 'this file runs as a worker thread')
forgetFormData()
giveWayToTheWindow()
// What a worker is started with is typed by whoever starts it: core-thread.ts, and nobody else.
await runCore(parentPort, workerData as CoreThreadSettings)
