import type { ReactNode } from 'react'

/** A key. `onAccent` inside a filled button. */
export function Kbd({ children, onAccent = false }: { readonly children: ReactNode; readonly onAccent?: boolean }) {
  return (
    <kbd className="kbd" data-on-accent={onAccent || undefined}>
      {children}
    </kbd>
  )
}
