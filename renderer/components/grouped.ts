/** "12,345": a count as it is shown. The browser's own number format says the same, after 20 ms of getting ready. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
