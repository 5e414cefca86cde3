// Listens for the keys of the conflicts page and says what they mean. It comes before the list's own keys.
import { useEffect, useEffectEvent } from 'react'
import { intentOf, type KeyPlace, type ReviewIntent } from './review-keys.ts'

/** `carryOut` answers whether it did something; only then is the key taken from the page. */
export function useReviewKeys(carryOut: (intent: ReviewIntent, place: KeyPlace) => boolean): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const place = placeOf(event.target)
    if (place === null || event.isComposing) return
    const { key, shiftKey: shift, altKey: alt, ctrlKey, metaKey } = event
    const intent = intentOf({ key, shift, alt, mod: ctrlKey || metaKey }, place)
    if (intent === null || !carryOut(intent, place)) return
    event.preventDefault()
    event.stopPropagation()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    window.addEventListener('keydown', listen, { capture: true })
    return () => window.removeEventListener('keydown', listen, { capture: true })
  }, [])
}

const PLACES: readonly string[] = ['chosen-verdict', 'reason', 'search', 'editor', 'review'] satisfies KeyPlace[]

/** Null where something else has the keys: an open dialog or menu, a field of another part of the window. */
function placeOf(target: EventTarget | null): KeyPlace | null {
  if (document.querySelector('[aria-modal="true"]') !== null) return null
  if (!(target instanceof Element)) return 'page'
  if (target.closest('[role="menu"], [role="dialog"]') !== null) return null
  const isField = target.matches('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]')
  const isControl = target.closest('button, a, summary, input[type="checkbox"]') !== null
  const marked = target.closest<HTMLElement>('[data-keys]')?.dataset['keys']
  if (isField) return PLACES.includes(marked ?? '') ? (marked as KeyPlace) : null // PLACES are key places
  if (marked === 'chosen-verdict') return 'chosen-verdict'
  if (isControl) return 'control'
  return marked === 'review' ? 'review' : 'page'
}
