import { Button } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { Icon } from '#ui/components/icon.tsx'

/** One step of a flow: where it stands, what it asks, and the one thing that leads on. */
export function StepSheet({
  steps,
  at,
  title,
  lead,
  onBack,
  next,
  children,
}: {
  readonly steps: readonly string[]
  readonly at: number
  readonly title: string
  readonly lead: ReactNode
  readonly onBack?: (() => void) | undefined
  readonly next: ReactNode
  readonly children: ReactNode
}) {
  const sheet = useRef<HTMLDivElement>(null)
  // A step begins where one types, or with its question; else the button that led here would have taken the focus with it.
  useEffect(() => {
    const field = sheet.current?.querySelector<HTMLElement>('.step-body :is(input, textarea):not([disabled])')
    ;(field ?? sheet.current?.querySelector('h1'))?.focus()
  }, [title])
  return (
    <main className="first-run">
      <div className="step card" ref={sheet}>
        <ol className="step-places" aria-label="Steps">
          {steps.map((step, place) => (
            <li key={step} aria-current={place === at ? 'step' : undefined} data-done={place < at || undefined}>
              <span className="step-dot">{place < at ? <Icon name="check" size={11} /> : place + 1}</span>
              {step}
            </li>
          ))}
        </ol>
        <h1 tabIndex={-1}>{title}</h1>
        <div className="muted step-lead">{lead}</div>
        <div className="step-body">{children}</div>
        <div className="step-foot">
          {onBack !== undefined && (
            <Button variant="subtle" leftSection={<Icon name="left" size={13} />} onClick={onBack}>
              Back
            </Button>
          )}
          <div className="step-next">{next}</div>
        </div>
      </div>
    </main>
  )
}
