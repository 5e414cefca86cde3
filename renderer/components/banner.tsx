import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import type { Tone } from './tag.tsx'
import './banner.css'

/** One line above the page that holds until its reason is gone. */
export function Banner({
  tone,
  icon,
  children,
  action,
}: {
  readonly tone: Tone
  readonly icon: IconName
  readonly children: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="banner" data-tone={tone} role="status">
      <Icon name={icon} size={16} />
      <div className="banner-text">{children}</div>
      {action}
    </div>
  )
}
