/** Parts per million as "94.0 %"; what is not all of it never shows as 100 %. */
export function share(ppm: number | null): string {
  if (ppm === null) return '–'
  if (ppm >= 1_000_000) return '100 %'
  const tenths = Math.min(999, Math.floor(ppm / 1000))
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}
