import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { codeOf } from './errno.ts'

/**
 * Makes what was renamed into a folder durable. Windows has no handle for folders; its rename is durable with the file. Some network
 * drives refuse as well. Throws any other error of the system.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'EINVAL' && code !== 'ENOTSUP') throw error
  } finally {
    await handle.close()
  }
}
