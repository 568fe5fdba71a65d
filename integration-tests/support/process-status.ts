import type { StartedTestContainer } from 'testcontainers';

/** What the kernel says of a container's process: lines of its status, by their names. */
export async function processStatus(
  container: StartedTestContainer,
  ...names: string[]
): Promise<Record<string, string>> {
  const { output } = await container.exec(['cat', '/proc/1/status']);
  const lines = output.split('\n').map((line) => line.split(/:\s*/, 2) as [string, string]);
  return Object.fromEntries(
    lines
      .filter(([name]) => names.includes(name))
      .map(([name, value]) => [name, value.trim().replace(/\s+/g, ' ')]),
  );
}
