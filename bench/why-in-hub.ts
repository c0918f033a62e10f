import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { showWhy } from '../src/console/show-why';
import { WhyService } from '../src/console/why.service';
import type { SellerId } from '../src/domain';
import { spreadOf, type Spread } from './figures';

/** Asks why in the hub's process, up to the text of the answer. */
export class Whys {
  constructor(private readonly app: NestFastifyApplication) {}

  /** Asks once for each instant; answers how long each took. */
  async ask(about: {
    readonly seller: string;
    readonly sku: string;
    readonly ats: readonly number[];
  }): Promise<Spread> {
    const latencies: number[] = [];
    for (const at of about.ats) {
      const began = performance.now();
      const reasons = await this.app.get(WhyService).of({ seller: about.seller as SellerId, sku: about.sku, at });
      const text = JSON.stringify(showWhy(about.sku, reasons));
      latencies.push(performance.now() - began);
      if (reasons.position === undefined || !text.includes('sentences')) throw new Error('why was not answered');
    }
    return spreadOf(latencies);
  }
}
