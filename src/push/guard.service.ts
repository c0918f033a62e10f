import { Injectable } from '@nestjs/common';
import {
  hearTarget,
  isWithinPolicy,
  lockOf,
  positionIdOf,
  postponeTarget,
  roomFor,
  type Guard,
  type OnShow,
  type Target,
  type TargetId,
  type Way,
} from '../domain';
import { Clock } from '../platform/clock';
import { HubOptions } from '../platform/options';
import { PollCursorsStore } from '../store/poll-cursors.store';
import { PositionsStore, type StoredPosition } from '../store/positions.store';
import type { CallableShop } from '../store/shop-calls.store';
import { ShownStock } from '../store/shown-stock.store';
import { TargetsStore, type DirtyShop } from '../store/targets.store';
import { DeliverTokens } from './deliver-tokens';
import { EnterAnswersService } from './enter-answers.service';
import { PlanService } from './plan.service';
import type { Claimed } from './write-stock.service';

/** What limits the writes of one look at a shop. */
export interface GuardedLook {
  /** Undefined for a listing that is not guarded. */
  readonly of: (target: Target) => Guard | undefined;
  /** It is about to be written: the next one counts with that. */
  readonly claimed: (target: Target) => void;
}

const UNGUARDED: GuardedLook = { of: () => undefined, claimed: () => undefined };
/** Two raises that met try again after a while that is not the same for both. */
const MET_MS = 200;
/** What was asked for and not heard of is asked for again. */
const HEAR_AGAIN_MS = 2000;
/** A list shows a change a moment after it was made. */
const LISTED_MS = 1000;

/** Keeps what buyers may see of bounded and strict skus within their policy. */
@Injectable()
export class GuardService {
  constructor(
    private readonly shownStock: ShownStock,
    private readonly targets: TargetsStore,
    private readonly positions: PositionsStore,
    private readonly cursors: PollCursorsStore,
    private readonly planner: PlanService,
    private readonly answers: EnterAnswersService,
    private readonly tokens: DeliverTokens,
    private readonly clock: Clock,
    private readonly options: HubOptions,
  ) {}

  /** How the guarded ones of these listings are written, and how far they may be raised. */
  async look({ shop, connector }: CallableShop, due: readonly Target[]): Promise<GuardedLook> {
    const guarded = due.filter((target) => target.guarded === true);
    if (guarded.length === 0) return UNGUARDED;
    const shown = await this.shownStock.read(shop.seller, skusOf(guarded));
    const targets = new Map(shown.targets);
    const on = { ...shown, targets };
    const way = wayOf(connector);
    return {
      of: (target) =>
        target.guarded === true
          ? { way, room: room(target.id, on), lock: lockOf(target, this.clock.now()) }
          : undefined,
      claimed: (target) => targets.set(target.id, target),
    };
  }

  /**
   * Two raises in two processes may each have looked before the other: so every claimed one looks once more, at what is
   * in flight by now, and is taken back where there is no room for all. No call was made yet.
   */
  async verify(claimed: readonly Claimed[]): Promise<readonly Claimed[]> {
    const raises = claimed.filter(({ target }) => target.guarded === true && isRaise(target));
    const [first] = raises;
    if (first === undefined) return claimed;
    const on = await this.shownStock.read(first.target.seller, skusOf(raises.map(({ target }) => target)));
    const tooMany = raises.filter(({ target }) => !fits(target.id, on));
    const due = this.clock.now() + Math.ceil(Math.random() * MET_MS);
    await Promise.all(tooMany.map((each) => this.answers.takeBack(each, due)));
    return claimed.filter((each) => !tooMany.includes(each));
  }

  /**
   * Enters that everything of before a listing's last word is heard, where polling has read so far, and asks it to do so
   * where not. @returns whether one of them can go on.
   */
  async hear(ref: DirtyShop, waiting: readonly Target[]): Promise<boolean> {
    if (waiting.length === 0) return false;
    const { heardTo = 0 } = (await this.cursors.find(ref.seller, ref.shop)) ?? {};
    const heard = waiting.filter(({ missing }) => (missing?.at ?? 0) <= heardTo);
    const unheard = waiting.filter((target) => !heard.includes(target));
    const now = this.clock.now();
    if (unheard.length > 0) {
      const to = Math.max(...unheard.map(({ missing }) => missing?.at ?? 0));
      await this.cursors.askToHear(ref, { to, due: Math.max(now, to + LISTED_MS + this.options.clockSkewMs), now });
      await Promise.all(unheard.map((target) => this.targets.swap(postponeTarget(target, now + HEAR_AGAIN_MS))));
    }
    const entered = await Promise.all(heard.map((target) => this.enterHeard(target)));
    return entered.includes(true);
  }

  /** What was lowered or heard of makes room: listings of these skus that wait for some look again. */
  async wake(lowered: readonly Target[]): Promise<void> {
    const [first] = lowered;
    if (first === undefined) return;
    const now = this.clock.now();
    const siblings = await this.targets.bySkus(first.seller, skusOf(lowered));
    const waiting = siblings.filter(
      ({ guarded, due, lease, sent }) => guarded === true && due !== undefined && due > now && !lease && !sent,
    );
    await Promise.all(waiting.map(({ id }) => this.targets.makeDue(id, now)));
    this.tokens.issue(waiting);
  }

  /** Polling has brought it all to the ledger; the target must count it too. */
  private async enterHeard(found: Target): Promise<boolean> {
    const ids = found.skus.map((sku) => positionIdOf(found.seller, sku));
    const positions = [...(await this.positions.readMany(ids)).values()];
    const behind = positions.filter((position) => !counts(found, position));
    if (behind.length > 0) await this.planner.plan(behind.map(({ id }) => id));
    const target = behind.length === 0 ? found : (await this.targets.readMany([found.id])).get(found.id);
    if (target === undefined || !positions.every((position) => counts(target, position))) return false;
    if (target.missing?.at !== found.missing?.at) return true;
    if (!(await this.targets.swap(hearTarget(target, this.clock.now())))) return true;
    await this.wake([target]);
    return true;
  }
}

const skusOf = (targets: readonly Target[]): readonly string[] => [...new Set(targets.flatMap(({ skus }) => skus))];

/** None for a listing that sells none of the skus any more that it was planned for: it is planned anew first. */
function room(id: TargetId, on: OnShow): number {
  const outlet = on.outlets.find((each) => each.id === id);
  return outlet === undefined ? -Infinity : roomFor(outlet, on);
}

function fits(id: TargetId, on: OnShow): boolean {
  const outlet = on.outlets.find((each) => each.id === id);
  return outlet !== undefined && isWithinPolicy(outlet, on);
}

const counts = ({ planned }: Target, { sku, v }: StoredPosition): boolean =>
  planned.some((each) => each.sku === sku && each.v >= v);

function isRaise({ sent, acknowledged, drift }: Target): boolean {
  if (sent === undefined) return false;
  return sent.change === undefined ? sent.units > (acknowledged?.units ?? 0) + drift : sent.change > 0;
}

/** How this channel's numbers are changed without putting back on sale what it sold and has not told us of. */
function wayOf(connector: CallableShop['connector']): Way {
  if (connector.manifest.countsReserved === true) return 'absolute';
  return connector.adjustStock === undefined ? 'closing' : 'relative';
}
