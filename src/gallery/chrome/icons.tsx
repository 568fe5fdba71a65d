/** Each icon is one stroke, in the color of the surrounding text. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  zoomOut: 'M7.5 10.5h6M15 15l5 5M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z',
  search: 'M15.5 15.5L20 20M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z',
  folder: 'M4 6.5h6l2 2h8v10H4z',
  logout: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  close: 'M6 6l12 12M18 6L6 18',
  info: 'M12 11v6M12 7.5v.01M12 3a9 9 0 100 18 9 9 0 000-18z',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  zoomIn: 'M10.5 7.5v6M7.5 10.5h6M15 15l5 5M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  up: 'M12 19V6M6 12l6-6 6 6',
  down: 'M12 5v13M6 12l6 6 6-6',
  theme: 'M12 4a8 8 0 100 16 8 8 0 000-16zM12 4v16',
  help: 'M9.2 9.2a2.9 2.9 0 115 2c-.9.9-2.2 1.4-2.2 3M12 17.6v.01M12 3a9 9 0 100 18 9 9 0 000-18z',
  deep: 'M4 4h6l1.5 2H17v5M8 10h5l1.5 2H20v8H8zM4 4v9h4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class="icon"
      width="20"
      height="20"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
