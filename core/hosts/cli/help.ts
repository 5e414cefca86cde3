// Help texts that every command shares.

export function example(line: string): string {
  return `\nExample:\n  $ npm run -s steward -- ${line}\n`
}
