import { Tooltip } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'

/** The bubble of a `Hint`: shown after so many milliseconds, or not at all. */
export function HintBubble({
  label,
  target,
  afterMs,
  below,
}: {
  readonly label: ReactNode
  readonly target: HTMLElement
  readonly afterMs: number | null
  readonly below: boolean
}) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (afterMs === null) return undefined
    const timer = setTimeout(() => setOpen(true), afterMs)
    return () => {
      clearTimeout(timer)
      setOpen(false)
    }
  }, [afterMs])
  return <Tooltip label={label} target={target} opened={open} position={below ? 'bottom' : 'top'} />
}
