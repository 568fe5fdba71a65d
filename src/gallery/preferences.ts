/** Preferences, kept in the browser if it allows that. */
export const preferences = {
  get rowHeight(): number | undefined {
    const height = Number(read('reso.rowHeight'));
    return height >= ROW_HEIGHTS.least && height <= ROW_HEIGHTS.most ? height : undefined;
  },
  set rowHeight(height: number) {
    write('reso.rowHeight', String(height));
  },
  get theme(): Theme | undefined {
    const theme = read('reso.theme');
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  },
  set theme(theme: Theme) {
    write('reso.theme', theme);
  },
};

export type Theme = 'light' | 'dark';

/** CSS pixels. */
export const ROW_HEIGHTS = { least: 96, most: 360, phone: 120, desktop: 220 } as const;

/** Applies the chosen theme, or the system's if none is chosen. */
export function applyTheme(): void {
  const { theme } = preferences;
  if (theme) document.documentElement.dataset['theme'] = theme;
}

export function switchTheme(): Theme {
  const { dataset } = document.documentElement;
  const theme = (dataset['theme'] ?? systemTheme()) === 'dark' ? 'light' : 'dark';
  preferences.theme = theme;
  dataset['theme'] = theme;
  return theme;
}

function systemTheme(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage may be switched off, or full.
  }
}
