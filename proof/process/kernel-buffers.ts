import { readFileSync } from 'node:fs';

const PAGE = 4096;

/** Bytes in the kernel's buffers of all TCP sockets. There is one count for all networks. */
export function kernelBuffers(): number {
  const [, pages] = /^TCP:.* mem (\d+)/m.exec(readFileSync('/proc/net/sockstat', 'utf8')) ?? [];
  return Number(pages ?? 0) * PAGE;
}
