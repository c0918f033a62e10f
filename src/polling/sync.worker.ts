import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ShopId } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import type { LookAnswer } from '../platform/doors';
import { HubError } from '../platform/hub-error';
import type { LongJob, LongStep } from '../store/long-jobs.store';
import { SYNC_ORDERS, LongWork } from '../store/long-work';
import type { ShopRecord } from '../store/shops.store';
import { WalkOrdersService } from './walk-orders.service';

interface Place {
  readonly window: number;
  readonly next?: string;
}

interface SyncReport {
  readonly seen: number;
  readonly written: number;
  /** Orders that could not be taken, the first of them. */
  readonly notTaken: readonly { readonly externalId: string; readonly why: string }[];
  readonly notTakenCount: number;
}

const DAY_MS = 86_400_000;
const TURN_MS = 20_000;
const MOST_NAMED = 100;
const NOTHING: SyncReport = { seen: 0, written: 0, notTaken: [], notTakenCount: 0 };

/** First synchronisations: a shop's orders that changed in the last days, window by window and page by page. */
@Injectable()
export class SyncWorker implements OnModuleInit {
  constructor(
    private readonly work: LongWork,
    private readonly walk: WalkOrdersService,
    private readonly channels: Channels,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.work.handle(SYNC_ORDERS, (job) => this.step(job));
  }

  private async step(job: LongJob): Promise<LongStep> {
    const shop = await this.walk.shop({ seller: job.seller, shop: job.about as ShopId });
    if (shop === undefined) throw new HubError('missing', 'never', { message: `no shop ${job.about}` });
    const windows = this.windowsOf(job, shop);
    const endsAt = this.clock.now() + TURN_MS;
    let place = (job.cursor ?? { window: 0 }) as Place;
    let report = { ...NOTHING, ...job.report };
    for (let window = windows[place.window]; window !== undefined; window = windows[place.window]) {
      const page = await this.walk.page(shop, { by: 'updated', ...window }, place.next);
      report = withAnswers(report, await this.walk.take(shop, page.externalIds));
      place = page.next === undefined ? { window: place.window + 1 } : { window: place.window, next: page.next };
      if (this.clock.now() > endsAt) break;
    }
    const isFinished = place.window >= windows.length;
    return { done: place.window, total: windows.length, cursor: place, report: { ...report }, isFinished };
  }

  /** Oldest first; an order that two windows name is the same order. */
  private windowsOf(job: LongJob, { channel }: ShopRecord): readonly { from: number; to: number }[] {
    const longestMs = Math.min(this.channels.byCode.get(channel)?.manifest.orderWindowMs ?? DAY_MS, DAY_MS);
    const from = job.startedAt - Number(job.wish['days'] ?? 1) * DAY_MS;
    const count = Math.ceil((job.startedAt - from) / longestMs);
    return Array.from({ length: count }, (_, at) => ({
      from: from + at * longestMs,
      to: Math.min(from + (at + 1) * longestMs, job.startedAt),
    }));
  }
}

function withAnswers(report: SyncReport, answers: readonly LookAnswer[]): SyncReport {
  const notTaken = answers.flatMap((answer) =>
    'why' in answer ? [{ externalId: answer.externalId, why: answer.why }] : [],
  );
  return {
    seen: report.seen + answers.length,
    written: report.written + answers.filter(({ kind }) => kind === 'written').length,
    notTaken: [...report.notTaken, ...notTaken].slice(0, MOST_NAMED),
    notTakenCount: report.notTakenCount + notTaken.length,
  };
}
