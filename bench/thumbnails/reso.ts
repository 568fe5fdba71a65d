import { node } from '../process/command';
import { freePort } from '../process/free-port';
import { listening } from '../process/listening';
import { Running } from '../process/running';

export interface ResoSetting {
  /** The program. */
  readonly reso: string;
  /** The served folder. */
  readonly folder: string;
  readonly state: string;
  readonly cache: string;
}

export async function startReso(setting: ResoSetting): Promise<{ running: Running; port: number }> {
  const { reso, folder, state, cache } = setting;
  const [port, http] = [await freePort(), await freePort()];
  const ports = ['--host', '127.0.0.1', '-p', String(port), '--http-port', String(http)];
  const places = ['--state', state, '--cache', cache, '--log-level', 'error'];
  const running = new Running(node(reso, 'serve', folder, ...ports, ...places));
  await listening(running, http);
  return { running, port: http };
}

/** Waits until the server knows the digest and the facts of an image. */
export async function untilKnown(port: number, name: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/image?name=${encodeURIComponent(name)}`);
    const { sha256, facts } = (await answer.json()) as { sha256?: string; facts?: object };
    if (sha256 !== undefined && facts !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
