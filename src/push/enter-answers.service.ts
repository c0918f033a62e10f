import { Injectable } from '@nestjs/common';
import { answerTarget, takeBackTarget, type AttemptState, type Target } from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Metrics } from '../platform/metrics';
import { AttemptsStore, type Attempt } from '../store/attempts.store';
import { DeadLetterBox } from '../store/dead-letter-box.store';
import { DeadLettersStore } from '../store/dead-letters.store';
import { ProblemsStore } from '../store/problems.store';
import type { CallableShop } from '../store/shop-calls.store';
import { TargetsStore } from '../store/targets.store';
import { listingProblem } from './listing-problems';
import { MoveLog } from './move-log';
import { UNLISTED, type Answered, type Claimed } from './write-stock.service';

const MOST_ROUNDS = 50;
const CAUSE = 'refused-listing';

interface Note {
  readonly target: Target;
  readonly state: AttemptState;
  readonly at: number;
  readonly sentAt?: number;
  readonly said?: { readonly code: string; readonly message: string };
}

/** Enters what channels answered: into the target, the attempts, and what an operator must know. */
@Injectable()
export class EnterAnswersService {
  constructor(
    private readonly targets: TargetsStore,
    private readonly attempts: AttemptsStore,
    private readonly problems: ProblemsStore,
    private readonly box: DeadLetterBox,
    private readonly letters: DeadLettersStore,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
    private readonly log: MoveLog,
  ) {}

  /** What must be known is told first: an answer that was entered is never looked at again. */
  async enter(shop: CallableShop, answered: readonly Answered[]): Promise<void> {
    await Promise.all(answered.map((each) => this.tell(shop, each)));
    await Promise.all(answered.map((each) => this.enterOne(each)));
    crashPoint('target.acknowledged');
    const at = this.clock.now();
    await this.note(answered.map((each) => ({ ...each, state: stateOf(each), at })));
    for (const each of answered) this.metrics.attempts.inc({ channel: shop.shop.channel, state: stateOf(each) });
    this.log.wrote(shop.shop, answered);
  }

  /** Keeps attempts for people to look at. */
  async note(notes: readonly Note[]): Promise<void> {
    await this.attempts.insert(notes.map(attemptOf));
  }

  /** No call was made for it after all. */
  takeBack({ target, token }: Claimed, due: number): Promise<void> {
    return this.change(target, (known) => takeBackTarget(known, { token, due }));
  }

  private enterOne({ target, token, answer }: Answered): Promise<void> {
    return this.change(target, (known) => answerTarget(known, answer, { token, now: this.clock.now() }));
  }

  /** The target may have been planned anew meanwhile: read it, change it, swap, until nobody came between. */
  private async change(target: Target, made: (known: Target) => Target | undefined): Promise<void> {
    let known: Target | undefined = target;
    for (let round = 0; round < MOST_ROUNDS && known !== undefined; round += 1) {
      const next = made(known);
      if (next === undefined || (await this.targets.swap(next))) return;
      known = (await this.targets.readMany([target.id])).get(target.id);
    }
  }

  private async tell(shop: CallableShop, { target, answer, said }: Answered): Promise<void> {
    const refused = answer.kind === 'refused' || (answer.kind === 'read' && answer.units === undefined);
    if (answer.kind === 'refused' && answer.code === UNLISTED) return;
    if (refused) return this.tellRefused(shop, target, said);
    const worked = answer.kind === 'done' || answer.kind === 'read';
    if (worked && target.refusal !== undefined) await this.tellWorks(target);
  }

  private async tellRefused(shop: CallableShop, target: Target, said: Answered['said']): Promise<void> {
    const { seller, listing } = target;
    const message = `${shop.shop.channel} refuses the quantity of ${listing}: ${said?.code ?? ''} ${said?.message ?? ''}`;
    const about = { seller, shop: target.shop };
    const { channel } = shop.shop;
    const concerns = { channel, target: target.id, about: target.id, ...about };
    await this.box.put({ kind: 'push', cause: CAUSE, message, ...concerns });
    await this.problems.open(
      {
        ...about,
        key: listingProblem('refused', target),
        kind: 'refused',
        detail: message,
        action: 'Mend the listing at the marketplace or its ids here, then retry.',
      },
      this.clock.now(),
    );
  }

  private async tellWorks(target: Target): Promise<void> {
    const now = this.clock.now();
    await this.problems.close(target.seller, listingProblem('refused', target), now);
    const open = await this.letters.byCause(target.seller, CAUSE, { about: target.id, limit: 10 });
    const disposal = { state: 'retried' as const, by: 'the hub', reason: 'the channel took the number' };
    await Promise.all(open.map((letter) => this.letters.settle(letter, disposal, now)));
    await this.box.tidy(target.seller, CAUSE);
  }
}

function stateOf({ answer }: Answered): AttemptState {
  switch (answer.kind) {
    case 'done':
    case 'read':
      return 'done';
    case 'floor':
    case 'refused':
      return 'refused';
    case 'again':
    case 'unread':
    case 'unanswered':
      return 'failed';
  }
}

function attemptOf({ target, state, at, sentAt, said }: Note): Omit<Attempt, 'id'> {
  const number = target.sent ?? target.wanted;
  return {
    seller: target.seller,
    shop: target.shop,
    listing: target.listing,
    skus: target.skus,
    trigger: target.trigger ?? 'rule',
    target: number?.units ?? 0,
    version: number?.version ?? 0,
    state,
    at,
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(said === undefined ? {} : { code: said.code, answer: said.message.slice(0, 500) }),
  };
}
