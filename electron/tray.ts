// The tray: Steward goes on syncing while its window is closed, and says how much waits.
import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron'

export interface TrayDeps {
  readonly Tray: new (image: NativeImage) => Tray
  readonly Menu: Pick<typeof Menu, 'buildFromTemplate'>
  readonly icon: NativeImage
  readonly open: (route: string) => void
  readonly quit: () => void
}

export interface StewardTray {
  show(openConflicts: number, pendingNodes: number): void
}

export function createTray({ Tray: TrayIcon, Menu: MenuOf, icon, open, quit }: TrayDeps): StewardTray {
  const tray = new TrayIcon(icon)
  tray.on('click', () => open('#/overview'))
  const show = (openConflicts: number, pendingNodes: number) => {
    tray.setToolTip(openConflicts === 0 ? 'Steward' : `Steward: ${waiting(openConflicts)}`)
    tray.setContextMenu(MenuOf.buildFromTemplate(trayMenu(openConflicts, pendingNodes, open, quit)))
  }
  show(0, 0)
  return { show }
}

function trayMenu(
  openConflicts: number,
  pendingNodes: number,
  open: TrayDeps['open'],
  quit: TrayDeps['quit'],
): MenuItemConstructorOptions[] {
  return [
    { label: 'Open Steward', click: () => open('#/overview') },
    { label: waiting(openConflicts), enabled: openConflicts > 0, click: () => open('#/conflicts') },
    ...(pendingNodes > 0 ? [{ label: `Nodes that ask to join: ${pendingNodes}`, click: () => open('#/network') }] : []),
    { type: 'separator' },
    { label: 'Quit Steward', click: quit },
  ]
}

function waiting(openConflicts: number): string {
  if (openConflicts === 0) return 'No conflict waits'
  return openConflicts === 1 ? '1 conflict waits' : `${openConflicts} conflicts wait`
}
