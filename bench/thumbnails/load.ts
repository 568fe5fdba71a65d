import { Agent, get } from 'node:http';

/** Requests that are outstanding at a time. */
const IN_FLIGHT = 8;

/** Asks for each path once, eight at a time. Returns the bytes received. Throws unless each is answered with 200. */
export async function askForAll(port: number, paths: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  const left = [...paths];
  let bytes = 0;
  const work = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const received = await ask(agent, port, path);
      bytes += received;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  agent.destroy();
  return bytes;
}

/** Asks for one path after the other. Returns the milliseconds that each took. Throws unless each is answered with 200. */
export async function timeOfEach(port: number, paths: readonly string[]): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (const path of paths) {
    const began = performance.now();
    await ask(agent, port, path);
    times.push(performance.now() - began);
  }
  agent.destroy();
  return times;
}

function ask(agent: Agent, port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ agent, host: '127.0.0.1', port, path }, (response) => {
      let bytes = 0;
      response.on('data', (part: Buffer) => (bytes += part.length));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${path} was answered with ${response.statusCode}`));
      });
    });
    request.on('error', reject);
  });
}
