// The app's own icons: one path each on a 24 by 24 grid, drawn with the text's colour. Decoration only; names stand beside them.

const PATHS = {
  brand: 'M12 2l8 4v6c0 5-3.4 8.500-8 10-4.600-1.500-8-5-8-10V6zM8.500 12l2.500 2.500 4.500-5',
  overview: 'M4 11l8-7 8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z',
  conflicts: 'M7 4v9a4 4 0 0 0 4 4h6M17 13l4 4-4 4M7 4L4 7M7 4l3 3',
  receipts: 'M6 2h9l4 4v16H6zM9 11h7M9 15h7M9 7h3',
  tasks: 'M4 6.500l1.800 1.800L9 5M4 13.500l1.800 1.800L9 12M12.500 7h8M12.500 14h8M4.500 20h.010M12.500 20h8',
  anchor:
    'M12 8v13M12 3a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM8 12h8M4 14c0 4 3.500 7 8 7s8-3 8-7M4 14l-2 2.500M20 14l2 2.500',
  rule: 'M5 4h14v5H5zM12 9v4M5 20h14M7 20v-3.500a3.500 3.500 0 0 1 3.500-3.500h3a3.500 3.500 0 0 1 3.500 3.500V20',
  network: 'M12 3v6M12 15v6M5 8l5 3M14 13l5 3M19 8l-5 3M10 13l-5 3',
  reports: 'M5 3h14v18H5zM9 16v-3M12 16V8M15 16v-5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  cross: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  folder: 'M3 6a1 1 0 0 1 1-1h5l2 2.500h9a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z',
  up: 'M12 19V6M6 12l6-6 6 6',
  right: 'M9 5l7 7-7 7',
  left: 'M15 5l-7 7 7 7',
  down: 'M5 9l7 7 7-7',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l8-8M16 7l3 3M14 9l2 2',
  warning: 'M12 4l9.500 16h-19zM12 10v5M12 17.500v.010',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.500M12 7.500v.010',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5.500l3.500 2',
  sync: 'M4 12a8 8 0 0 1 13.700-5.600L20 9M20 4v5h-5M20 12a8 8 0 0 1-13.700 5.600L4 15M4 20v-5h5',
  print: 'M7 9V3h10v6M7 17H4v-8h16v8h-3M7 14h10v7H7z',
  plus: 'M12 5v14M5 12h14',
  more: 'M4.500 12a.500.500 0 1 0 1 0 .500.500 0 1 0-1 0M11.500 12a.500.500 0 1 0 1 0 .500.500 0 1 0-1 0M18.500 12a.500.500 0 1 0 1 0 .500.500 0 1 0-1 0',
  filter: 'M4 6h16M7 12h10M10 18h4',
  columns: 'M4 5h16v14H4zM9.500 5v14M14.500 5v14',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  upload: 'M12 15V4M7 8l5-5 5 5M5 20h14',
  sample: 'M9 3h6M10 3v6l-5 9a2 2 0 0 0 1.800 3h10.400a2 2 0 0 0 1.800-3l-5-9V3M7.500 15h9',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  undo: 'M8 5L4 9l4 4M4 9h10a6 6 0 0 1 0 12h-3',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 17 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      className="icon"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
