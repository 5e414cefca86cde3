// Every process that a row starts, so that none outlives its row, whatever the row comes to.

type End = () => Promise<void>

const started = new Set<End>()

/** Remembers how to end a process; ending one that has ended already must do nothing. */
export function endWithRow(end: End): void {
  started.add(end)
}

/** Ends what the row has left running. */
export async function endStarted(): Promise<void> {
  const ends = [...started]
  started.clear()
  await Promise.all(ends.map((end) => end()))
}
