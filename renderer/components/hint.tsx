import { cloneElement, lazy, Suspense, useState, type ReactElement, type ReactNode } from 'react'

const HintBubble = lazy(() => import('./hint-bubble.tsx').then((m) => ({ default: m.HintBubble })))

/** What `Hint` adds to the element that it explains. */
interface Explained {
  readonly onPointerEnter?: (event: React.PointerEvent<HTMLElement>) => void
  readonly onPointerLeave?: () => void
  readonly onFocus?: (event: React.FocusEvent<HTMLElement>) => void
  readonly onBlur?: () => void
  readonly onKeyDown?: (event: React.KeyboardEvent<HTMLElement>) => void
}

/**
 * Says more about one element, to whoever points at it or comes to it by keyboard; Escape sends it away. A list has hundreds
 * of these, so until then it costs nothing: neither the bubble nor its code is there.
 */
export function Hint({
  label,
  delayMs = 350,
  below = false,
  children,
}: {
  readonly label: ReactNode
  readonly delayMs?: number
  /** Where what stands above it is not to be covered. */
  readonly below?: boolean
  readonly children: ReactElement<Explained>
}) {
  const [target, setTarget] = useState<HTMLElement | null>(null)
  /** Null where nobody points at it. */
  const [afterMs, setAfterMs] = useState<number | null>(null)

  const show = (element: HTMLElement, waitMs: number) => {
    setTarget(element)
    setAfterMs(waitMs)
  }
  const hide = () => setAfterMs(null)
  return (
    <>
      {cloneElement(children, {
        onPointerEnter: ({ currentTarget }) => show(currentTarget, delayMs),
        onPointerLeave: hide,
        // A click focuses too, and says nothing about wanting to know more.
        onFocus: ({ currentTarget }) => currentTarget.matches(':focus-visible') && show(currentTarget, 0),
        onBlur: hide,
        onKeyDown: ({ key }) => key === 'Escape' && hide(),
      })}
      {target !== null && (
        <Suspense fallback={null}>
          <HintBubble label={label} target={target} afterMs={afterMs} below={below} />
        </Suspense>
      )}
    </>
  )
}
