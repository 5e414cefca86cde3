// Whoever closes a dialog stands where it was opened from, also where the dialog leaves the page at once or led to another one.
import { useLayoutEffect, useState } from 'react'

/** For what stands above the page: notes the control that opened it, and gives the focus back when it closes. */
export function useReturnFocus(opened: boolean): void {
  const [wasOpened, setWasOpened] = useState(false)
  const [from, setFrom] = useState<HTMLElement | null>(null)
  if (opened !== wasOpened) {
    setWasOpened(opened)
    if (opened) setFrom(openedFrom())
  }
  useLayoutEffect(() => {
    if (!opened) return undefined
    return () => {
      const leaves = document.activeElement
      // Once the dialog has left the page, and another one that it led to has taken its place.
      setTimeout(() => giveBack(from, leaves), SETTLED_MS)
    }
  }, [opened, from])
}

const SETTLED_MS = 10

/** The control on the page itself that the first of several dialogs came from. */
let fromPage: HTMLElement | null = null

function openedFrom(): HTMLElement | null {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement) || focused === document.body) return null
  // An entry of a menu leaves with its menu, so the menu's button stands for it.
  const button = focused.closest('[role="menu"]')?.getAttribute('aria-labelledby') ?? null
  const from = button === null ? focused : document.getElementById(button)
  if (from !== null && from.closest('[role="dialog"]') === null) fromPage = from
  return from
}

function giveBack(from: HTMLElement | null, leaves: Element | null): void {
  const focused = document.activeElement
  const isFree = focused === null || focused === document.body || focused === leaves
  if (!isFree) return
  const to = [from, fromPage].find((one) => one?.isConnected === true) ?? document.getElementById('main')
  to?.focus({ preventScroll: true })
}
