import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Log, LogFields } from '../telemetry';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Milliseconds between two samples of the event loop. Node counts them as part of the delay. */
const RESOLUTION = 20;

/** Metrics for Prometheus. Labels are routes, kinds of requests and outcomes: never names, addresses or tokens. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #http = this.#counter('reso_http_requests_total', 'HTTP requests answered.', ['route', 'status']);
  readonly #httpSeconds = new Histogram({
    name: 'reso_http_request_duration_seconds',
    help: 'Time from the head of an HTTP request to the end of its answer.',
    labelNames: ['route'],
    buckets: SECONDS,
    registers: [this.#registry],
  });
  readonly #requests = this.#counter('reso_requests_total', 'Requests of the protocol.', [
    'request',
    'outcome',
  ]);
  readonly #images = this.#counter('reso_images_sent_total', 'Images sent by the protocol.', []);
  readonly #bytes = this.#counter('reso_sent_bytes_total', 'Bytes of images sent.', ['by']);
  readonly #warnings = this.#counter('reso_warnings_total', 'Warnings and errors in the log.', ['level']);

  constructor() {
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
    delay.enable();
    this.gauge('reso_event_loop_delay_seconds', 'Mean delay of the event loop since the last scrape.', () => {
      const { mean } = delay;
      delay.reset();
      return delayOf(mean);
    });
    this.gauge('reso_resident_memory_bytes', 'Resident memory of the server.', () =>
      process.memoryUsage.rss(),
    );
    this.gauge('reso_start_time_seconds', 'When the server was started, as Unix time.', () => STARTED);
  }

  /** A value that is read at each scrape. */
  gauge(name: string, help: string, read: () => number): void {
    const collect = function (this: Gauge) {
      this.set(read());
    };
    new Gauge({ name, help, registers: [this.#registry], collect });
  }

  /** The same for several values, distinguished by a label. */
  gauges(name: string, help: string, label: string, reads: Readonly<Record<string, () => number>>): void {
    const collect = function (this: Gauge) {
      for (const [key, read] of Object.entries(reads)) this.set({ [label]: key }, read());
    };
    new Gauge({ name, help, labelNames: [label], registers: [this.#registry], collect });
  }

  /** A value that only grows, and is read at each scrape. */
  counter(name: string, help: string, read: () => number): void {
    const collect = function (this: Counter) {
      this.reset();
      this.inc(read());
    };
    new Counter({ name, help, registers: [this.#registry], collect });
  }

  answered(route: string, status: number, seconds: number, bytes: number): void {
    this.#http.inc({ route, status: String(status) });
    this.#httpSeconds.observe({ route }, seconds);
    if (bytes > 0) this.#bytes.inc({ by: 'http' }, bytes);
  }

  /** A log that counts its entries and passes them on. */
  counting(log: Log): Log {
    return {
      debug: (message, fields) => (this.#count(message, fields), log.debug(message, fields)),
      info: (message, fields) => (this.#count(message, fields), log.info(message, fields)),
      warn: (message, fields) => (this.#warnings.inc({ level: 'warn' }), log.warn(message, fields)),
      error: (message, fields) => (this.#warnings.inc({ level: 'error' }), log.error(message, fields)),
    };
  }

  /** In Prometheus's text format. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }

  #count(message: string, { request, outcome, images, bytes }: LogFields = {}): void {
    if (message !== 'request') return;
    this.#requests.inc({ request: String(request), outcome: String(outcome) });
    if (typeof bytes === 'number' && bytes > 0) this.#bytes.inc({ by: 'protocol' }, bytes);
    if (outcome === 'OK' && (request === 'GET' || request === 'FETCH'))
      this.#images.inc({}, typeof images === 'number' ? images : 1);
  }

  #counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
  }
}

const STARTED = Date.now() / 1000;

/** Delay in seconds, from the mean time between samples in nanoseconds, which is NaN if there were none. */
export function delayOf(mean: number): number {
  return Number.isNaN(mean) ? 0 : Math.max(0, mean / 1e9 - RESOLUTION / 1000);
}
