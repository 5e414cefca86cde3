// The application's menu: the system's own commands and nothing that opens a way around the page.
import type { MenuItemConstructorOptions } from 'electron'

export function applicationMenu(
  platform: NodeJS.Platform,
  open: (route: string) => void,
): MenuItemConstructorOptions[] {
  const go = (label: string, route: string, key: string): MenuItemConstructorOptions => ({
    label,
    accelerator: `CmdOrCtrl+${key}`,
    click: () => open(route),
  })
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    {
      label: 'Go',
      submenu: [
        go('Overview', '#/overview', '1'),
        go('Conflicts', '#/conflicts', '2'),
        go('Receipts', '#/receipts', '3'),
        go('Network', '#/network', '4'),
        go('Settings', '#/settings', ','),
      ],
    },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
  ]
}
