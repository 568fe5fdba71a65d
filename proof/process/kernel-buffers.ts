import { readFileSync } from 'node:fs';

const PAGE = 4096;

/** Bytes that the kernel holds in the buffers of all TCP sockets. It keeps one count for all networks. */
export function kernelBuffers(): number {
  const [, pages] = /^TCP:.* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8')) ?? [];
  return Number(pages ?? 0) * PAGE;
}
