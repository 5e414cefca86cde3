import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import './dialog.css'
import { useReturnFocus } from './use-return-focus.ts'

/** A question or a sheet above the page. Esc and the cross close it, and the focus goes back to where it was opened; the foot holds what it can do. */
export function Dialog({
  title,
  opened,
  onClose,
  size = 'md',
  foot,
  children,
}: {
  readonly title: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly size?: 'sm' | 'md' | 'lg' | 'xl'
  readonly foot?: ReactNode
  readonly children: ReactNode
}) {
  useReturnFocus(opened)
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} returnFocus={false} classNames={{ content: 'dialog' }}>
      <Modal.Overlay />
      <Modal.Content>
        {/* Not a <header>: in a dialog that would be a second banner of the page. */}
        <div className="dialog-head">
          <Modal.Title className="dialog-title">{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body className="dialog-body">
          <div className="dialog-content">{children}</div>
          {foot !== undefined && <div className="dialog-foot">{foot}</div>}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
