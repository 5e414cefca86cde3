import { useEffect, useState, type ReactNode } from 'react'

/** By then the first screen stands, on a machine that is not very busy. */
const STANDS_MS = 600
/** On a machine that is never idle it comes all the same. */
const LATEST_MS = 2_000

/** What nobody sees at first is neither read nor drawn before what they do see. */
export function AfterFirstPaint({ children }: { readonly children: ReactNode }) {
  const [isPainted, setIsPainted] = useState(false)
  useEffect(() => onceCalm(() => setIsPainted(true)), [])
  return isPainted && children
}

/** Runs `work` once the first screen stands and nothing else is to be done. Answers how to call it off. */
export function onceCalm(work: () => void): () => void {
  let idle: number | undefined
  const timer = setTimeout(() => {
    idle = requestIdleCallback(work, { timeout: LATEST_MS })
  }, STANDS_MS)
  return () => {
    clearTimeout(timer)
    if (idle !== undefined) cancelIdleCallback(idle)
  }
}
