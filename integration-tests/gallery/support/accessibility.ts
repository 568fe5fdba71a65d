import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { CDPSession } from 'playwright-core';
import type { Tab } from './tab';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Runs axe-core on what is shown; resolves to the rules that it breaks, and the elements that break them. */
export async function violations(tab: Tab): Promise<string[]> {
  const { page } = tab;
  const devtools = await page.context().newCDPSession(page);
  if (await page.evaluate(() => matchMedia('(scripting: enabled)').matches)) return examine(devtools);
  // axe-core needs timers. The page was made without scripts, and none of its own begins now.
  await allowScripts(devtools, true);
  try {
    return await examine(devtools);
  } finally {
    await allowScripts(devtools, false);
  }
}

/** Beside the page, in a world of its own: the page allows no script but its own. */
async function examine(devtools: CDPSession): Promise<string[]> {
  const { frameTree } = await devtools.send('Page.getFrameTree');
  const world = { frameId: frameTree.frame.id, worldName: 'axe' };
  const { executionContextId: contextId } = await devtools.send('Page.createIsolatedWorld', world);
  const run = async (expression: string) => {
    const options = { expression, contextId, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await devtools.send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as unknown;
  };
  await run(`${AXE}; undefined`);
  await run(SHOW_AT_ONCE);
  const results = (await run(`axe.run(document, { resultTypes: ['violations'] })`)) as AxeResults;
  if (results.passes.length === 0) throw new Error('axe-core saw nothing.');
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Where scripts may run, the plain page waits a moment for the gallery before it shows itself. */
const SHOW_AT_ONCE = `
  for (const animation of document.getAnimations()) if (animation.animationName === 'late') animation.finish();`;

/** A session remembers what it has set, and says nothing to the browser if that is the same. */
async function allowScripts(devtools: CDPSession, isAllowed: boolean): Promise<void> {
  for (const value of [isAllowed, !isAllowed])
    await devtools.send('Emulation.setScriptExecutionDisabled', { value });
}
