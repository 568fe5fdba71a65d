import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Tab } from './tab';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Runs axe-core on what is shown; resolves to the rules that it breaks, and the elements that break them. */
export async function violations({ page }: Tab): Promise<string[]> {
  // Evaluated rather than loaded: the page allows no script but its own.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const results = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
