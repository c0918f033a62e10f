import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** All figures of this process. Labels name channels, queues and kinds; never a seller, a shop or a sku. */
export class Metrics {
  readonly registry = new Registry();
  /** `answer`: accepted, ping, forged, unknown, busy, failed. */
  readonly hooks = this.counter('sluice_hooks_total', 'Pushes received.', ['channel', 'answer']);
  readonly verdicts = this.counter('sluice_deliveries_total', 'Deliveries by verdict.', ['channel', 'verdict']);
  readonly accepted = this.histogram('sluice_hook_kept_seconds', 'Arrival of a push to its durable storage.', [
    'channel',
  ]);
  readonly reserved = this.histogram('sluice_order_reserved_seconds', 'Arrival of a push to its stock committed.', [
    'channel',
  ]);
  readonly issued = this.histogram('sluice_stock_issued_seconds', 'Change of stock to the call that tells a channel.', [
    'channel',
  ]);
  readonly attempts = this.counter('sluice_push_attempts_total', 'Attempts to write listings.', ['channel', 'state']);
  readonly channelCalls = this.histogram('sluice_channel_call_seconds', 'Calls to channels.', ['channel', 'outcome']);
  readonly jobs = this.histogram('sluice_job_seconds', 'Work on jobs.', ['queue', 'outcome']);
  readonly notQueued = this.counter('sluice_jobs_not_queued_total', 'Jobs that a sweep must find.', ['queue']);
  readonly swept = this.counter('sluice_swept_total', 'Pieces of work that a sweep found.', ['sweep']);
  readonly sweepFailures = this.counter('sluice_sweep_failures_total', 'Sweeps that failed.', ['sweep']);

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  /** Seconds. */
  histogram(name: string, help: string, labelNames: string[] = []): Histogram {
    return new Histogram({ name, help, labelNames, buckets: LATENCY_S, registers: [this.registry] });
  }

  /** A figure that is looked up whenever it is asked for. Rows that are gone disappear. */
  lookedUp(
    spec: { readonly name: string; readonly help: string; readonly labelNames: string[] },
    read: () => Promise<readonly { readonly labels: Record<string, string>; readonly value: number }[]>,
  ): Gauge {
    return new Gauge({
      ...spec,
      registers: [this.registry],
      async collect() {
        const rows = await read().catch(() => []);
        this.reset();
        for (const { labels, value } of rows) this.set(labels, value);
      },
    });
  }
}
