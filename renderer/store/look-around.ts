// Whether the steward chose to read without unlocking. For this page only; a reload asks again.
import { createStore, useStore } from 'zustand'

const lookAround = createStore<boolean>(() => false)

export function useLookAround(): boolean {
  return useStore(lookAround)
}

export function setLookAround(looking: boolean): void {
  lookAround.setState(looking, true)
}
