/** Words of a key or a state, for two people to compare: "willow · canoe · ember". */
export function Words({ words }: { readonly words: readonly string[] }) {
  return (
    <span className="words">
      {words.map((word, place) => (
        <span key={`${place}-${word}`}>{word}</span>
      ))}
    </span>
  )
}
