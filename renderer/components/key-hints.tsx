import { Kbd } from './kbd.tsx'

/** What the keys do here: `<KeyHints keys={[['j k', 'move'], ['Enter', 'open']]} />` */
export function KeyHints({ keys }: { readonly keys: readonly (readonly [keys: string, does: string])[] }) {
  return (
    <div className="key-hints">
      {keys.map(([names, does]) => (
        <span key={names}>
          {names.split(' ').map((name) => (
            <Kbd key={name}>{name}</Kbd>
          ))}
          {does}
        </span>
      ))}
    </div>
  )
}
