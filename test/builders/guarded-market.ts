import {
  answerTarget,
  changesOf,
  checkTarget,
  claimTarget,
  hearTarget,
  isWithinPolicy,
  nextStep,
  planTarget,
  postponeTarget,
  restTarget,
  roomFor,
  ShareOut,
  takeBackTarget,
  type OnShow,
  type Outlet,
  type Position,
  type ShopId,
  type SkuUnits,
  type Target,
  type TargetAnswer,
  type TargetId,
  type Way,
} from '../../src/domain';
import { outletOf } from './outlets';
import { ask, EMPTY_LEDGER, countWish, orderWish, type Ledger } from './stock';
import { targetOf } from './targets';

interface News {
  readonly shop: ShopId;
  readonly order: string;
  readonly held: number;
  readonly stockV: number;
  readonly at: number;
}

interface Call {
  readonly target: Target;
  readonly reads: boolean;
  readonly at: number;
  /** What the channel said; absent while the call is on its way. */
  readonly said?: TargetAnswer;
}

const HAT = 'hat';
const SETTLED_MS = 3000;
const MOST_ROUNDS = 100;
const LONGEST_CALL_MS = 10_000;
const TOKEN = 'mine';

/**
 * Strict skus in shops that sell by themselves, each one listing. News, calls, answers and plans come in whatever order a test takes
 * them; `oversold` compares what buyers can buy with what there is, both in truth.
 */
export class GuardedMarket {
  now = 1_000_000;
  outlets: readonly Outlet[];
  readonly #ledgers = new Map<string, Ledger>();
  readonly #targets = new Map<TargetId, Target>();
  readonly #shown = new Map<ShopId, number>();
  readonly #reserved = new Map<ShopId, number>();
  readonly #heardTo = new Map<ShopId, number>();
  readonly #open: { shop: ShopId; order: string; stockV: number }[] = [];
  #news: News[] = [];
  #calls: Call[] = [];
  readonly #sold = new Map<string, number>();
  #orders = 0;

  constructor(
    private readonly ways: ReadonlyMap<ShopId, Way>,
    private readonly units: number,
    parts: readonly (readonly SkuUnits[])[] = [],
  ) {
    this.outlets = [...ways.keys()].map((shop, at) => outletOf(shop, { parts: parts[at] ?? [{ sku: HAT, units: 1 }] }));
    const rules = { kind: 'rules', id: 'r', exposure: { policy: 'strict' } } as const;
    for (const { id, shop, listing, parts: each } of this.outlets) {
      for (const { sku } of each) this.#ledgers.set(sku, ask(EMPTY_LEDGER, [countWish(units), rules]));
      this.#targets.set(id, targetOf({ id, shop, listing, skus: each.map(({ sku }) => sku) }));
      this.#shown.set(shop, 0);
    }
    this.plan();
  }

  /** Units that buyers can buy and that are not there. */
  get oversold(): number {
    return [...this.#ledgers.keys()].reduce((sum, sku) => sum + Math.max(0, this.onSale(sku) - this.left(sku)), 0);
  }

  onSale(sku = HAT): number {
    return this.outlets.reduce((sum, { shop, parts }) => sum + this.shownIn(shop) * perSaleOf(parts, sku), 0);
  }

  left(sku = HAT): number {
    return this.units - (this.#sold.get(sku) ?? 0);
  }

  shownIn(shop: ShopId): number {
    return Math.max(0, this.#shown.get(shop) ?? 0);
  }

  targetIn(shop: ShopId): Target {
    return this.#targets.get(this.#outlet(shop).id) as Target;
  }

  sell(shop: ShopId): void {
    if (this.shownIn(shop) === 0) return;
    this.#orders += 1;
    const sale = { shop, order: `o${this.#orders}`, stockV: 1 };
    this.#open.push(sale);
    this.#changed(sale, 1);
  }

  /** From now on the shop's share of the sku is another one. */
  weigh(shop: ShopId, weight: number): void {
    this.outlets = this.outlets.map((outlet) => (outlet.shop === shop ? { ...outlet, rules: { weight } } : outlet));
  }

  /** One of the orders is cancelled; the channel puts its unit back on sale by itself. */
  cancel(which: number): void {
    const [order] = this.#open.splice(which % Math.max(1, this.#open.length), 1);
    if (order !== undefined) this.#changed({ ...order, stockV: 2 }, 0);
  }

  /** The news that waits at `which` reaches the ledger. */
  hear(which: number): void {
    const [news] = this.#news.splice(which % Math.max(1, this.#news.length), 1);
    if (news !== undefined) this.#bring(news);
  }

  /** Polling reads all that a shop has to tell. */
  poll(shop: ShopId): void {
    const mine = this.#news.filter((news) => news.shop === shop);
    this.#news = this.#news.filter((news) => news.shop !== shop);
    for (const news of mine) this.#bring(news);
    this.#heardTo.set(shop, this.now - 1000);
  }

  plan(only?: ShopId): void {
    const shares = new ShareOut({ positions: this.#positions, outlets: this.outlets, storefrontWeight: 0 });
    for (const outlet of this.outlets) {
      if (only !== undefined && outlet.shop !== only) continue;
      const target = this.#targets.get(outlet.id) as Target;
      const { units, open, guarded } = shares.of(outlet);
      const planned = planTarget(target, {
        ...{ units, open, guarded, trigger: 'order', now: this.now, skewMs: 0 },
        positions: outlet.parts.map(({ sku }) => ({ sku, v: this.#ledgerOf(sku).position.v })),
        countsReserved: this.ways.get(outlet.shop) === 'absolute',
        heard: outlet.parts.flatMap(({ sku }) => changesOf(outlet, { sku, moves: this.#ledgerOf(sku).moves })),
      });
      this.#targets.set(outlet.id, planned);
    }
  }

  /** Does what the listing needs next, if it is due. */
  step(shop: ShopId): void {
    const target = this.targetIn(shop);
    if (target.due === undefined || target.due > this.now) return;
    const room = roomFor(this.#outlet(shop), this.#onShow());
    const step = nextStep(target, this.now, { way: this.ways.get(shop) ?? 'closing', room, lock: 0 });
    switch (step.kind) {
      case 'rest':
        return this.#keep(restTarget(target));
      case 'wait':
        return this.#keep(postponeTarget(target, step.until));
      case 'hear':
        return this.#hearOf(target);
      case 'read-back':
        return this.#read(claimTarget(target, { token: TOKEN, now: this.now, reads: true }));
      case 'write':
        return this.#write(claimTarget(target, { token: TOKEN, now: this.now, reads: false, sends: step.sends }));
    }
  }

  /** The channel does what a call asks. */
  carryOut(which: number): void {
    const at = which % Math.max(1, this.#calls.length);
    const call = this.#calls[at];
    if (call !== undefined && call.said === undefined)
      this.#calls[at] = { ...call, said: call.reads ? this.#tell(call.target) : this.#obey(call.target) };
  }

  /** The hub gets an answer; `isLost`: it never comes, whether the channel obeyed or not. */
  answer(which: number, isLost = false): void {
    const at = which % Math.max(1, this.#calls.length);
    const call = this.#calls[at];
    if (call === undefined || (call.said === undefined && !isLost)) return;
    this.#calls.splice(at, 1);
    const { shop } = call.target;
    const lost: TargetAnswer = call.reads ? { kind: 'unread', due: this.now } : { kind: 'unanswered', isOver: true };
    const by = { token: TOKEN, now: this.now };
    const answered = answerTarget(this.targetIn(shop), isLost ? lost : (call.said ?? lost), by);
    if (answered !== undefined) this.#keep(answered);
  }

  /** Time passes; no call lives longer than a call may. */
  wait(ms: number): void {
    this.now += ms;
    const isOld = ({ at }: Call): boolean => at + LONGEST_CALL_MS <= this.now;
    while (this.#calls.some(isOld)) this.answer(this.#calls.findIndex(isOld), true);
  }

  /** Every listing is read back, as an audit does now and then. */
  audit(): void {
    for (const target of this.#targets.values()) {
      const checked = checkTarget(target, this.now);
      if (checked !== undefined) this.#keep(checked);
    }
  }

  /** Everything is heard, planned and written until nothing is left to do. */
  settle(): void {
    const isBusy = (): boolean => this.#news.length > 0 || [...this.#targets.values()].some((each) => each.due);
    for (let round = 0; round < MOST_ROUNDS && isBusy(); round += 1) {
      this.wait(SETTLED_MS);
      while (this.#news.length > 0) this.hear(0);
      this.plan();
      for (const shop of this.ways.keys()) {
        this.step(shop);
        while (this.#calls.length > 0) {
          this.carryOut(0);
          this.answer(0);
        }
        this.poll(shop);
      }
    }
  }

  #changed({ shop, order, stockV }: { shop: ShopId; order: string; stockV: number }, held: number): void {
    const change = held === 0 ? -1 : 1;
    this.#shown.set(shop, (this.#shown.get(shop) ?? 0) - change);
    this.#reserved.set(shop, (this.#reserved.get(shop) ?? 0) + change);
    for (const { sku, units } of this.#outlet(shop).parts) {
      this.#sold.set(sku, (this.#sold.get(sku) ?? 0) + change * units);
    }
    this.#news.push({ shop, order, held, stockV, at: this.now });
  }

  #bring({ shop, order, held, stockV, at }: News): void {
    const { listing, parts } = this.#outlet(shop);
    for (const [index, { sku, units }] of parts.entries()) {
      const sold = index === 0 ? [{ listing, units: held, open: held }] : [];
      const want = { held: held * units };
      const wish = orderWish({ id: order, shop, stockV }, want, { sold, placedAt: at, updatedAt: at });
      this.#ledgers.set(sku, ask(this.#ledgerOf(sku), [wish]));
    }
  }

  #read(claimed: Target): void {
    this.#keep(claimed);
    this.#calls.push({ target: claimed, reads: true, at: this.now });
  }

  /** Claimed first, then looked at once more. */
  #write(claimed: Target): void {
    this.#keep(claimed);
    const { acknowledged, drift, sent } = claimed;
    const isRaise = (sent?.units ?? 0) > (acknowledged?.units ?? 0) + drift;
    if (isRaise && !isWithinPolicy(this.#outlet(claimed.shop), this.#onShow())) {
      this.#keep(takeBackTarget(claimed, { token: TOKEN, due: this.now + 100 }) as Target);
    } else this.#calls.push({ target: claimed, reads: false, at: this.now });
  }

  #tell({ shop }: Target): TargetAnswer {
    return { kind: 'read', units: this.shownIn(shop) };
  }

  #obey({ shop, sent, openUnits }: Target): TargetAnswer {
    const shown = this.#shown.get(shop) ?? 0;
    if (this.ways.get(shop) === 'relative' && sent?.change !== undefined) {
      if (shown + sent.change < 0) return { kind: 'again', due: this.now + 1000, check: true };
      this.#shown.set(shop, shown + sent.change);
    } else {
      const taken = this.ways.get(shop) === 'absolute' ? openUnits - (this.#reserved.get(shop) ?? 0) : 0;
      this.#shown.set(shop, (sent?.units ?? 0) + taken);
    }
    return { kind: 'done' };
  }

  #hearOf(target: Target): void {
    const isHeard = (target.missing?.at ?? 0) <= (this.#heardTo.get(target.shop) ?? 0);
    const isPlanned = target.planned.every(({ sku, v }) => v === this.#ledgerOf(sku).position.v);
    this.#keep(isHeard && isPlanned ? hearTarget(target, this.now) : postponeTarget(target, this.now + 500));
  }

  #keep(target: Target): void {
    this.#targets.set(target.id, target);
  }

  #outlet(shop: ShopId): Outlet {
    return this.outlets.find((outlet) => outlet.shop === shop) as Outlet;
  }

  #ledgerOf(sku: string): Ledger {
    return this.#ledgers.get(sku) ?? EMPTY_LEDGER;
  }

  get #positions(): ReadonlyMap<string, Position> {
    return new Map([...this.#ledgers].map(([sku, { position }]) => [sku, position]));
  }

  #onShow(): OnShow {
    const positions = [...this.#ledgers].map(
      ([sku, { position, moves }]) => [sku, { ...position, moves, archived: false }] as const,
    );
    return {
      positions: new Map(positions),
      outlets: this.outlets,
      targets: this.#targets,
      countsReserved: ({ shop }) => this.ways.get(shop) === 'absolute',
      now: this.now,
      skewMs: 0,
    };
  }
}

const perSaleOf = (parts: readonly SkuUnits[], sku: string): number =>
  parts.reduce((sum, part) => (part.sku === sku ? sum + part.units : sum), 0);
