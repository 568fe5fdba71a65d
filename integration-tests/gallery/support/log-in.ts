import type { Tab } from './tab';

/** Types a token into the page that asks for one. */
export async function logIn({ page }: Tab, token: string): Promise<void> {
  await page.getByLabel(/token/i).fill(token);
  await page.getByRole('button').click();
}
