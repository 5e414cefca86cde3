/** Six words, large and numbered, for two people to read to each other. */
export function SixWords({ words, large = false }: { readonly words: readonly string[]; readonly large?: boolean }) {
  return (
    <ol className="six" data-large={large || undefined}>
      {words.map((word, place) => (
        <li key={`${place} ${word}`}>
          <span className="six-place num" aria-hidden>
            {place + 1}
          </span>
          {word}
        </li>
      ))}
    </ol>
  )
}
