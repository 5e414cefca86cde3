// A file on its way to the core, in pieces, since no message may be larger than 1 MiB. Nothing is kept there until a receipt names it.
import type { Api } from './api.ts'

/** Content of one piece; base64 makes it a third longer. Writing one takes less than a frame on a slow machine. */
export const PIECE_BYTES = 128 * 1024
/** What a blob may have at most. */
export const FILE_LIMIT_BYTES = 64 * 1024 * 1024

/** Thrown when the steward cancelled; the core has forgotten the pieces. */
export class UploadCancelledError extends Error {
  override readonly name = 'UploadCancelledError'
}

/** Answers the name under which `receipts.sign` or `bundles.inspect` finds it. `onProgress` gets bytes that the core has confirmed. */
export async function uploadFile(
  api: Api,
  file: Blob,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
  purpose: 'content' | 'bundle' = 'content',
): Promise<string> {
  const { upload } = await api.uploads.begin({ sizeBytes: file.size, for: purpose })
  try {
    for (let offset = 0; offset < file.size; offset += PIECE_BYTES) {
      if (signal.aborted) throw new UploadCancelledError('the steward cancelled')
      const piece = await file.slice(offset, offset + PIECE_BYTES).arrayBuffer()
      const { received } = await api.uploads.piece({ upload, offset, base64: toBase64(new Uint8Array(piece)) })
      onProgress(received)
    }
    if (signal.aborted) throw new UploadCancelledError('the steward cancelled')
    return upload
  } catch (thrown) {
    // The first failure is what the steward should hear of; the core drops what nobody names by itself.
    await api.uploads.cancel({ upload }).catch(() => undefined)
    throw thrown
  }
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  // In slices: `fromCharCode` takes its bytes as arguments, and there may be only so many.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}
