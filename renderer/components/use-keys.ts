// Keys that a screen answers to, wherever the focus is, but never while somebody types or a dialog is open.
import { useEffect, useEffectEvent } from 'react'

export type KeyActions = Readonly<Record<string, (() => void) | undefined>>

/** Names are `KeyboardEvent.key` values: `{ j: next, Enter: open, '?': help }`. Letters are matched in lower case. */
export function useKeys(actions: KeyActions, enabled = true): void {
  const act = useEffectEvent((event: KeyboardEvent) => {
    if (isTaken(event)) return
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  })
  useEffect(() => {
    if (!enabled) return undefined
    const onKey = (event: KeyboardEvent) => act(event)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [enabled])
}

function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return true
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest('input, textarea, select, [contenteditable="true"], [role="menu"], [role="dialog"]')) return true
  // Enter and Space belong to the control that has the focus.
  const control = target?.closest('button, a, summary, [role="button"]') ?? null
  if ((event.key === 'Enter' || event.key === ' ') && control !== null) return true
  return document.querySelector('[aria-modal="true"]') !== null
}
