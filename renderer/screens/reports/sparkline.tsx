import { shortDay } from './days.ts'

/** Fourteen days as bars, each with its value for assistive technology and on hover. `most` is the height of a whole bar. */
export function Sparkline({
  label,
  points,
  most,
  words,
}: {
  readonly label: string
  readonly points: readonly { readonly until: string; readonly value: number | null }[]
  readonly most?: number
  readonly words: (value: number | null) => string
}) {
  const top = most ?? Math.max(1, ...points.map((point) => point.value ?? 0))
  return (
    <ol className="rp-spark" aria-label={label}>
      {points.map(({ until, value }) => (
        <li key={until} title={`${shortDay(until)}: ${words(value)}`} data-none={value === null || undefined}>
          <span className="visually-hidden">{`${shortDay(until)}: ${words(value)}`}</span>
          <i style={{ height: `${value === null ? 0 : Math.max(4, (value / top) * 100)}%` }} />
        </li>
      ))}
    </ol>
  )
}
