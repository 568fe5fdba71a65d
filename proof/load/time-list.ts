import { connect } from '../../src';
import { always, timeAtMost, type Reading } from '../bar';
import type { Served } from '../process/served';

/** In milliseconds. */
export interface ListLimits {
  readonly first: number;
  readonly whole: number;
}

/** Reads a whole list. `when` says what it is the list of. */
export async function timeList(
  { endpoint }: Served,
  when: string,
  count: number,
  { first: soon, whole }: ListLimits,
): Promise<Reading[]> {
  const client = connect({ port: endpoint.port, timeout: 120 });
  const begun = performance.now();
  let first: number | undefined;
  let listed = 0;
  let inOrder = 0;
  let last = '';
  for await (const { name } of client.list()) {
    first ??= performance.now() - begun;
    listed++;
    if (name > last) inOrder++;
    last = name;
  }
  client.close();
  return [
    timeAtMost(`${when}: first page`, first ?? Infinity, soon),
    timeAtMost(`${when}: whole list`, performance.now() - begun, whole),
    always(`${when}: images listed, in order`, Math.min(listed, inOrder), count),
  ];
}

const ANY: ListLimits = { first: Infinity, whole: Infinity };

/** Anonymous memory of a server of one image that has listed it. Ends the server. */
export async function memoryAfterList(server: Served): Promise<number> {
  await timeList(server, 'one image', 1, ANY);
  const { memory } = server;
  await server.kill();
  return memory;
}
