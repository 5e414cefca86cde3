// What one request may cost before anybody knows who sent it.

export const HEADER_LIMIT_BYTES = 16 * 1024
export const URL_LIMIT_BYTES = 2 * 1024
export const BODY_LIMIT_BYTES = 8 * 1024 * 1024
export const HEADERS_WITHIN_MS = 10_000
export const REQUEST_WITHIN_MS = 30_000
export const CONNECTION_LIMIT = 64
/** A page is some thirty files; a steward who reloads often stays far below this. */
export const REQUESTS_A_MINUTE = 3_000
/** Attempts to swap or mint a start token. */
export const SESSIONS_A_MINUTE = 60
export const SOCKET_LIMIT = 32
