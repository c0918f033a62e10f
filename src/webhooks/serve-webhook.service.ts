import { Injectable } from '@nestjs/common';
import { keyOf, partsOf } from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Log } from '../platform/logger';
import { Pace } from '../platform/pace';
import { ReceiverCalls, type ReceiverAnswer } from '../platform/receiver-calls';
import { ProblemsStore } from '../store/problems.store';
import { WebhookEventsStore, type EventTry, type WebhookEvent } from '../store/webhook-events.store';
import { WebhooksStore, type ServedWebhook } from '../store/webhooks.store';
import { isTaken, judgeTry, silenceAfter } from './judge-try';
import { signEvent } from './sign-event';

interface Outcome {
  readonly event: WebhookEvent;
  readonly answer: ReceiverAnswer;
  readonly as: EventTry;
}

/** Most calls to one receiver at a time. */
const AT_A_TIME = 8;
/** Longer than a round of calls may take. */
export const SERVE_MS = 30_000;
/** A receiver that fails for an hour is somebody's business; after three days it is paused. */
const TELL_AFTER_MS = 3_600_000;
const PAUSE_AFTER_MS = 3 * 86_400_000;

/** Sends a webhook's events, a few at a time, until none waits or its receiver takes none. */
@Injectable()
export class ServeWebhookService {
  private isStopping = false;

  constructor(
    private readonly webhooks: WebhooksStore,
    private readonly events: WebhookEventsStore,
    private readonly calls: ReceiverCalls,
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly log: Log,
  ) {}

  /** The rounds that run are the last ones. */
  stop(): void {
    this.isStopping = true;
  }

  /** Rounds until nothing is due. After one that failed, the next is one event: a receiver that is away is not flooded. */
  async serve(served: ServedWebhook): Promise<void> {
    const secret = await this.webhooks.secretOf(served);
    for (let now: ServedWebhook | undefined = served; now !== undefined && secret !== undefined;) {
      const due = await this.events.dueOf(now.id, this.clock.now(), now.tries > 0 ? 1 : AT_A_TIME);
      if (due.length === 0 || now.pausedAt !== undefined || this.isStopping) return this.rest(now);
      now = await this.round(now, due, secret);
    }
  }

  private async rest(served: ServedWebhook): Promise<void> {
    const next = served.pausedAt === undefined ? await this.events.nextDueOf(served.id) : undefined;
    await this.webhooks.rest(served, next, this.clock.now());
  }

  private async round(
    served: ServedWebhook,
    due: readonly WebhookEvent[],
    secret: string,
  ): Promise<ServedWebhook | undefined> {
    const outcomes = await Promise.all(due.map((event) => this.send(served, event, secret)));
    crashPoint('event.sent');
    await this.events.settle(outcomes);
    return outcomes.some(({ answer }) => isTaken(answer)) ? this.startAfresh(served) : this.failed(served, outcomes);
  }

  private async send(served: ServedWebhook, event: WebhookEvent, secret: string): Promise<Outcome> {
    const { id, type, at, data, tries } = event;
    const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
    const signed = signEvent(secret, { id, now: this.clock.now(), body });
    const headers = { 'content-type': 'application/json', 'user-agent': 'sluice', ...signed };
    const answer = await this.calls.post(served.url, headers, body);
    const pace = (ms: number): number => this.pace.of(ms);
    return { event, answer, as: judgeTry(answer, { at, tries, now: this.clock.now(), random: Math.random, pace }) };
  }

  /** Nothing of a round was taken: the whole webhook waits, and after three days it is paused. */
  private async failed(served: ServedWebhook, outcomes: readonly Outcome[]): Promise<ServedWebhook | undefined> {
    const now = this.clock.now();
    const { tries, failingSince = now } = served;
    const forMs = now - failingSince;
    const why = outcomes.map(({ as }) => as.why ?? `status ${as.status ?? 0}`)[0] ?? '';
    this.log.warn({ seller: served.seller, webhook: served.id, tries, forMs, why }, 'a receiver takes no events');
    const isLong = forMs >= this.pace.of(PAUSE_AFTER_MS);
    if (isLong && (await this.events.nextDueOf(served.id)) === undefined) return this.startAfresh(served);
    if (isLong || forMs >= this.pace.of(TELL_AFTER_MS)) await this.openProblem(served, why, isLong);
    const waitMs = Math.max(...outcomes.map(({ answer }) => silenceAfter(answer, tries, Math.random)));
    const next = isLong ? { pausedAt: now } : { until: now + this.pace.of(waitMs) };
    const isThere = await this.webhooks.backOff(served, { tries: tries + 1, failingSince, ...next });
    if (!isThere) await this.closeProblem(served);
    return undefined;
  }

  /** It takes events, or the last one that it would not take was given up. */
  private async startAfresh(served: ServedWebhook): Promise<ServedWebhook | undefined> {
    if (served.failingSince !== undefined) await this.closeProblem(served);
    return this.webhooks.serve(served, this.clock.now() + SERVE_MS, { tries: 0, failingSince: undefined });
  }

  private async openProblem({ id, seller, url }: ServedWebhook, why: string, isPaused: boolean): Promise<void> {
    const { host } = new URL(url);
    await this.problems.open(
      {
        seller,
        key: problemKey(id),
        kind: 'webhook',
        detail: `${host} takes no events${isPaused ? ', and nothing is sent there any more' : ''}: ${why}`,
        action: isPaused
          ? 'Mend the receiver, then POST /v1/webhooks/:id/resume.'
          : 'Mend the receiver: events are sent again for three days, then the webhook is paused.',
      },
      this.clock.now(),
    );
  }

  private async closeProblem({ id, seller }: ServedWebhook): Promise<void> {
    await this.problems.close(seller, problemKey(id), this.clock.now());
  }
}

const problemKey = (id: ServedWebhook['id']): string => keyOf('webhook', partsOf(id)[1] ?? '');
