import { chromium, type Browser } from 'playwright-core';

/** Debian's, or another one that a variable names. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * Starts Chromium without a window. `names` lead to this machine. No other name leads anywhere, so that nothing is loaded
 * from elsewhere.
 */
export function startChromium(names: readonly string[] = [], executablePath = CHROMIUM): Promise<Browser> {
  const rules = [
    ...names.map((name) => `MAP ${name} 127.0.0.1`),
    'MAP * ~NOTFOUND',
    'EXCLUDE localhost',
    'EXCLUDE 127.0.0.1',
  ];
  return chromium.launch({
    executablePath,
    args: ['--disable-gpu', '--disable-background-networking', `--host-resolver-rules=${rules.join(', ')}`],
  });
}
