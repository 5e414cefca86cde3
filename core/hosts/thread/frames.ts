// What travels between a face and the core: opaque frames. Nobody between the two reads them.

export type Frame = string | Uint8Array

/** A WebSocket message or an IPC message on its way in. Answers going out may be larger. */
export const FRAME_LIMIT_BYTES = 1024 * 1024

/** Frames on their way to the core that it has not taken yet; beyond this the sender is not read any more. */
export const IN_FLIGHT_LIMIT_BYTES = 4 * FRAME_LIMIT_BYTES

/** Answers that a face has not taken yet; beyond this its connection ends, since the core cannot be held back. */
export const BACKLOG_LIMIT_BYTES = 32 * FRAME_LIMIT_BYTES

/** Size as UTF-8 for text, which is what the limits count. */
export function frameBytes(frame: Frame): number {
  return typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength
}

/** Whatever came over a port, as a frame; null where it is something else. */
export function frameFrom(data: unknown): Frame | null {
  if (typeof data === 'string' || data instanceof Uint8Array) return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return null
}
