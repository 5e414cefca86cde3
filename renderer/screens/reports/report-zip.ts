// A report as one zip, with the names that an export gives its files.
import type { ReportFileName, ReportId } from '#core/contract/index.ts'

/** Asks for the files one after the other; the zip's own bytes are all that is held at the end. */
export async function zippedReport(
  id: ReportId,
  names: readonly ReportFileName[],
  read: (name: ReportFileName) => Promise<string>,
): Promise<Blob> {
  const { strToU8, Zip, ZipDeflate } = await import('fflate')
  const parts: BlobPart[] = []
  const zip = new Zip((error, bytes) => {
    if (error) throw error
    // A copy: what the library hands over has no other owner, but may be a view of something larger.
    parts.push(Uint8Array.from(bytes))
  })
  for (const name of names) {
    const text = await read(name)
    const entries = [`_report/network/${id}/${name}`, ...(name === 'events.jsonl' ? ['_bus/events/events.jsonl'] : [])]
    for (const entry of entries) {
      // Always the same time, so that the same report is the same zip.
      const file = new ZipDeflate(entry, { level: 6 })
      file.mtime = '1980-01-01T12:00:00'
      zip.add(file)
      file.push(strToU8(text), true)
    }
  }
  zip.end()
  return new Blob(parts, { type: 'application/zip' })
}
