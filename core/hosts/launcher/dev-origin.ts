// Who a page of the development server is to the node behind it.

/**
 * The host answers its own origin only. The page that the development server serves may pass as it; any other page may not.
 * @param page address of the development server, ending in a slash
 */
export function originForNode(origin: string | undefined, page: string, node: string): string | undefined {
  return origin !== undefined && page === `${origin}/` ? node : origin
}
