// Characters that nobody sees, or that turn the text around them: what a name of two would have to be told apart by.

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The first of them; null where there is none. */
export function findHidden(text: string): string | null {
  return text.match(HIDDEN)?.[0] ?? null
}

export function replaceHidden(text: string, shown: (found: string) => string): string {
  return text.replaceAll(HIDDEN, shown)
}
