import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to the answer to a request. */
export type S3Fault =
  /** This status and error code instead of the answer. */
  | { readonly status: number; readonly code: string }
  /** The connection is reset after this many bytes of the body. */
  | { readonly cutAfter: number }
  /** Nothing comes after this many bytes of the body; with -1, not even the headers. */
  | { readonly stallAfter: number }
  /** This body instead of the answer's, with status 200. */
  | { readonly body: string }
  /** It comes whole, but not before this. */
  | { readonly after: Promise<void> }
  /** The last bytes are missing, and Content-Length says so, too. */
  | { readonly shorten: number };

export interface S3Request {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly isList: boolean;
}

/** Stands between a server and an S3 store: counts requests, and spoils answers. */
export class S3Proxy implements AsyncDisposable {
  readonly requests: S3Request[] = [];
  /** The fault of each request. */
  fault: (request: S3Request) => S3Fault | undefined = () => undefined;
  /** Most requests that were open at the same time. */
  mostAtOnce = 0;
  #open = 0;
  readonly #server: Server;
  readonly #target: { readonly host: string; readonly port: number };

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((incoming, answer) => this.#carry(incoming, answer));
  }

  static async start(target: { readonly host: string; readonly port: number }): Promise<S3Proxy> {
    const proxy = new S3Proxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests for objects so far. */
  get objectRequests(): number {
    return this.requests.filter(({ isList }) => !isList).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #carry(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    const asked = { method, url, isList: url.includes('list-type=2') };
    this.requests.push(asked);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#open);
    answer.on('close', () => this.#open--);
    // There is no body that could be spoiled.
    const fault = method === 'HEAD' ? undefined : this.fault(asked);
    if (fault && 'status' in fault) return sendError(answer, fault);
    if (fault && 'body' in fault) return void answer.end(fault.body);
    const { host, port } = this.#target;
    const onward = request(
      { host, port, method, path: url, headers },
      (from) => void spoil(from, answer, fault),
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}

function sendError(answer: ServerResponse, { status, code }: { status: number; code: string }): void {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>spoiled</Message></Error>`;
  answer.writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length }).end(body);
}

async function spoil(
  from: IncomingMessage,
  answer: ServerResponse,
  fault: Exclude<S3Fault, { status: number } | { body: string }> | undefined,
): Promise<void> {
  const headers = { ...from.headers };
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of from) chunks.push(chunk as Buffer);
  } catch {
    return void answer.destroy();
  }
  let body = Buffer.concat(chunks);
  if (fault && 'after' in fault) await fault.after;
  if (fault && 'shorten' in fault) {
    body = body.subarray(0, body.length - fault.shorten);
    headers['content-length'] = String(body.length);
  }
  if (!fault || 'shorten' in fault || 'after' in fault) {
    answer.writeHead(from.statusCode ?? 500, headers);
    return void answer.end(body);
  }
  const after = 'cutAfter' in fault ? fault.cutAfter : fault.stallAfter;
  if (after < 0) return;
  answer.writeHead(from.statusCode ?? 500, headers);
  answer.flushHeaders();
  answer.write(body.subarray(0, after), () => {
    if ('cutAfter' in fault) answer.destroy();
  });
}
