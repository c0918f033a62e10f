import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import {
  claimTarget,
  keyOf,
  nextStep,
  postponeTarget,
  restTarget,
  setAsideTarget,
  type Sends,
  type Target,
} from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { ShopCalls, type CallableShop } from '../store/shop-calls.store';
import { ShopTrouble } from '../store/shop-trouble.store';
import { ShopsStore } from '../store/shops.store';
import { TargetsStore, type DirtyShop } from '../store/targets.store';
import { DeliverTokens } from './deliver-tokens';
import { EnterAnswersService } from './enter-answers.service';
import { GuardService, type GuardedLook } from './guard.service';
import { urgencyOf } from './urgency-of';
import { WriteStockService, type Answered, type Claimed } from './write-stock.service';

/** Most listings of a shop looked at in one go. */
const MOST_PER_LOOK = 200;
/** So long one shop is written, then it is another one's turn. */
const TURN_MS = 5000;
/** What one look calls for, of many: a lowering that comes meanwhile waits for no more. */
const MOST_READ_CALLS = 8;
const MOST_WRITES_BY_ITEM = 50;
/** A shop that cannot be called keeps its listings due this far ahead. */
const UNCALLABLE_MS = 15_000;

/** How many listings one look may still call for. */
interface Room {
  reads: number;
  writes: number;
}

interface Claim {
  readonly token: string;
  readonly now: number;
  readonly lowering: ReadonlyMap<string, ReadonlySet<string>>;
  readonly room: Room;
  readonly guards: GuardedLook;
  /** Listings whose sales are to be heard of first. */
  readonly hearing: Target[];
}

/** Writes all dirty listings of a shop: claimed one by one, sent in batches, answered line by line. */
@Injectable()
export class DeliverService {
  private readonly running = new Map<string, { again: boolean }>();

  constructor(
    private readonly targets: TargetsStore,
    private readonly calls: ShopCalls,
    private readonly writer: WriteStockService,
    private readonly answers: EnterAnswersService,
    private readonly guards: GuardService,
    private readonly tokens: DeliverTokens,
    private readonly shops: ShopsStore,
    private readonly trouble: ShopTrouble,
    private readonly clock: Clock,
  ) {}

  /** Runs until the shop has nothing due, or its turn is over. A token that comes meanwhile makes it look once more. */
  async deliver(ref: DirtyShop): Promise<void> {
    const key = keyOf(ref.seller, ref.shop);
    const running = this.running.get(key);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const state = { again: false };
    this.running.set(key, state);
    try {
      const endsAt = performance.now() + TURN_MS;
      for (let found = true; found || state.again;) {
        if (performance.now() > endsAt) {
          this.tokens.issue([ref]);
          return;
        }
        state.again = false;
        found = await this.look(ref);
      }
    } finally {
      this.running.delete(key);
    }
  }

  /** One look at what is due; true when something was done, so that there may be more. */
  private async look(ref: DirtyShop): Promise<boolean> {
    const due = await this.targets.dirty(ref, { now: this.clock.now(), limit: MOST_PER_LOOK });
    if (due.length === 0) return false;
    const shop = await this.shopOf(ref).catch((error: unknown) => this.cannotCall(ref, error));
    if (shop === undefined) return this.holdBack(due);
    if (shop.shop.paused) return this.setAside(due);
    const { claimed, hearing } = await this.claim(shop, lowersFirst(due));
    const isHeard = await this.guards.hear(ref, hearing);
    if (claimed.length === 0) return isHeard;
    const outcomes = await this.writer.run(shop, claimed);
    await this.answers.enter(shop, outcomes);
    this.tokens.issue(await this.siblingsOf(shop, claimed));
    await this.guards.wake(outcomes.filter(makesRoom).map(({ target }) => target));
    return true;
  }

  private async claim(
    shop: CallableShop,
    due: readonly Target[],
  ): Promise<{ claimed: readonly Claimed[]; hearing: readonly Target[] }> {
    const guards = await this.guards.look(shop, due);
    const now = this.clock.now();
    const lowering = await this.loweringSkus(due, now);
    const by: Claim = { token: randomUUID(), now, lowering, room: roomOf(shop), guards, hearing: [] };
    const claimed = await Promise.all(due.map((target) => this.claimOne(target, by)));
    crashPoint('target.written');
    return {
      claimed: await this.guards.verify(claimed.flatMap((each) => (each === undefined ? [] : [each]))),
      hearing: by.hearing,
    };
  }

  private async claimOne(target: Target, by: Claim): Promise<Claimed | undefined> {
    const guard = by.guards.of(target);
    const step = nextStep(target, by.now, guard);
    switch (step.kind) {
      case 'rest':
        await this.targets.swap(restTarget(target));
        return undefined;
      case 'wait':
        await this.targets.swap(postponeTarget(guard === undefined ? target : untried(target), step.until));
        return undefined;
      case 'hear':
        by.hearing.push(target);
        return undefined;
      case 'write':
        if (step.raises && guard === undefined && waitsForLowering(target, by.lowering)) return undefined;
        return by.room.writes-- > 0 ? this.take(target, by, { reads: false, sends: step.sends }) : undefined;
      case 'read-back':
        return by.room.reads-- > 0 ? this.take(target, by, { reads: true }) : undefined;
    }
  }

  private async take(
    target: Target,
    { token, now, guards }: Claim,
    how: { reads: boolean; sends?: Sends | undefined },
  ): Promise<Claimed | undefined> {
    const claimed = claimTarget(target, { token, now, ...how });
    guards.claimed(claimed);
    return (await this.targets.swap(claimed)) ? { target: claimed, token, reads: how.reads } : undefined;
  }

  /** For each sku that a raise is about: the listings that are to be lowered and were not tried yet. */
  private async loweringSkus(due: readonly Target[], now: number): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const raises = due.filter((target) => {
      if (target.guarded === true) return false;
      const step = nextStep(target, now);
      return step.kind === 'write' && step.raises && target.acknowledged !== undefined;
    });
    const lowering = new Map<string, Set<string>>();
    if (raises.length === 0) return lowering;
    const seller = (raises[0] as Target).seller;
    const siblings = await this.targets.bySkus(seller, [...new Set(raises.flatMap((target) => target.skus))]);
    for (const sibling of siblings) {
      if (sibling.lowering !== true) continue;
      for (const sku of sibling.skus) lowering.set(sku, (lowering.get(sku) ?? new Set()).add(sibling.id));
    }
    return lowering;
  }

  /** Raises in other shops that may wait for what was tried here. */
  private async siblingsOf(shop: CallableShop, claimed: readonly Claimed[]): Promise<readonly DirtyShop[]> {
    const lowered = claimed.filter((each) => each.target.lowering === true);
    if (lowered.length === 0) return [];
    const skus = [...new Set(lowered.flatMap(({ target }) => target.skus))];
    const siblings = await this.targets.bySkus(shop.shop.seller, skus);
    return siblings.filter((target) => target.due !== undefined && target.shop !== shop.shop.id);
  }

  /** That a shop is paused is believed only when it is so now: else the plans made as it resumed would be set aside. */
  private async shopOf({ seller, shop: id }: DirtyShop): Promise<CallableShop | undefined> {
    const shop = await this.calls.open(seller, id);
    return shop?.shop.paused === true ? this.calls.openFresh(seller, id) : shop;
  }

  /** A paused shop is not written; when it goes on, all its listings are planned anew. */
  private async setAside(due: readonly Target[]): Promise<boolean> {
    const now = this.clock.now();
    await Promise.all(due.map((target) => this.targets.swap(setAsideTarget(target))));
    await this.answers.note(due.map((target) => ({ target, state: 'held' as const, at: now })));
    return true;
  }

  /** No token can be had for the shop: that stops this shop only. */
  private async cannotCall({ seller, shop }: DirtyShop, error: unknown): Promise<undefined> {
    if (!(error instanceof ChannelError)) throw error;
    const record = await this.shops.find(seller, shop);
    if (record !== undefined) await this.trouble.failed(record, error);
    return undefined;
  }

  /** Raises elsewhere do not wait for a shop that cannot be called. */
  private async holdBack(due: readonly Target[]): Promise<boolean> {
    const until = this.clock.now() + UNCALLABLE_MS;
    await Promise.all(due.map((target) => this.targets.swap(postponeTarget(untried(target), until))));
    return true;
  }
}

/** Raises elsewhere do not wait for it. */
const untried = ({ lowering: _lowering, ...target }: Target): Target => target;

/** What was sent is certainly not on show. */
const NOT_CARRIED_OUT: ReadonlySet<string> = new Set([
  'again',
  'floor',
  'refused',
] satisfies Answered['answer']['kind'][]);

/** Raises elsewhere may have room when this was answered: it lowers, failed, or tells for the first time what is shown. */
function makesRoom({ target: { guarded, sent, acknowledged, drift }, answer }: Answered): boolean {
  if (guarded !== true) return false;
  if (acknowledged === undefined) return true;
  return sent !== undefined && (sent.units < acknowledged.units + drift || NOT_CARRIED_OUT.has(answer.kind));
}

/** A lowering of this moment is not behind raises. */
const lowersFirst = (due: readonly Target[]): readonly Target[] => {
  const rank = (target: Target): number => (urgencyOf([target]) === 'lower' ? 0 : 1);
  return [...due].sort((one, other) => rank(one) - rank(other));
};

/** Read-backs are many when a sale begins, and it is writes that keep a listing from overselling. */
function roomOf({ connector }: CallableShop): Room {
  const { most, perItem } = connector.manifest.stockBatch;
  return { reads: MOST_READ_CALLS * (perItem ? 1 : most), writes: perItem ? MOST_WRITES_BY_ITEM : Infinity };
}

function waitsForLowering(target: Target, lowering: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return target.skus.some((sku) => [...(lowering.get(sku) ?? [])].some((id) => id !== target.id));
}
