import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SellerId } from '../src/domain';
import { LongJobsStore } from '../src/store/long-jobs.store';
import { REPUBLISH } from '../src/store/long-work';
import { heldBytes } from './held-bytes';

const LOOK_MS = 250;
const MB = 1_048_576;

export interface Republished {
  readonly report: Readonly<Record<string, unknown>>;
  readonly done: number;
  readonly tookMs: number;
  /** The most that the heap held beyond what it held at rest, looked at after collecting. */
  readonly heapMb: number;
  /** The most that was resident, and what was resident at rest. */
  readonly residentMb: number;
  readonly idleMb: number;
}

/** Publishes a shop once more by the hub's own workers, as a person asks for it. */
export class Republishing {
  constructor(private readonly app: NestFastifyApplication) {}

  async run({ seller, shop }: { readonly seller: string; readonly shop: string }): Promise<Republished> {
    const jobs = this.app.get(LongJobsStore);
    const [idle, idleRss] = [heldBytes(), process.memoryUsage().rss];
    const began = performance.now();
    const wish = { scope: {}, trigger: 'by-hand' };
    const { id } = await jobs.begin({ seller: seller as SellerId, kind: REPUBLISH, about: shop, wish, by: 'bench' });
    let [most, rss] = [idle, idleRss];
    for (;;) {
      await delay(LOOK_MS);
      rss = Math.max(rss, process.memoryUsage().rss);
      most = Math.max(most, heldBytes());
      const job = await jobs.find(seller as SellerId, id);
      if (job?.state === 'failed' || job === undefined) throw new Error(`it failed: ${job?.reason ?? 'it is gone'}`);
      if (job.state !== 'done') continue;
      const memory = { heapMb: (most - idle) / MB, residentMb: rss / MB, idleMb: idleRss / MB };
      return { report: job.report, done: job.done, tookMs: performance.now() - began, ...memory };
    }
  }
}
