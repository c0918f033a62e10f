import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ChannelError, type Connector } from '../../connectors/kit';
import { keyOf, type TokenPlan } from '../domain';
import { Channels } from '../platform/channels';
import { Clock } from '../platform/clock';
import { NoToken, RenewTokens } from './renew-tokens.store';
import { ShopTokensStore } from './shop-tokens.store';
import { ShopsStore, type ShopRecord, type ShopWithAccess } from './shops.store';
import { TokenProblems } from './token-problems.store';

/** What the channel let the hub know of its right to act for a shop. */
export interface AccessNews {
  readonly news: 'expiring' | 'revoked' | 'granted';
  readonly until?: number;
  /** When it arrived. */
  readonly at: number;
}

/** `replaced`: there is another pair already. `renewing`: the next who needs it asks for one. `lost`: neither. */
export type Refused = 'replaced' | 'renewing' | 'lost';

/** How long a caller waits for a token that another process asks for; what it wanted is held, and let go by the token. */
const MOST_WAIT_MS = 4000;
const LOOK_MS = 100;
/** A holder that died keeps its lease: others that have work for many shops do not stand still for this one. */
const IN_VAIN_MS = 10_000;
const MOST_IN_VAIN = 1000;
/** A channel that says *soon* without a day. */
const SOON_MS = 48 * 3_600_000;

/** Gives every caller a token that may be used: whoever needs another one asks for it, all others wait for that. */
@Injectable()
export class TokenKeeper {
  private readonly renewing = new Map<string, Promise<ShopWithAccess>>();
  /** Shops that were waited for in vain, and until when nobody waits again. */
  private readonly inVain = new Map<string, number>();

  constructor(
    private readonly shops: ShopsStore,
    private readonly tokens: ShopTokensStore,
    private readonly renewer: RenewTokens,
    private readonly problems: TokenProblems,
    private readonly channels: Channels,
    private readonly clock: Clock,
  ) {}

  /**
   * The shop with a token that may be used.
   * @throws NoToken when only a person can help. @throws ChannelError when the channel cannot be asked now.
   */
  async usable(known: ShopWithAccess, connector: Connector): Promise<ShopWithAccess> {
    if (!canRenew(connector)) return known;
    const { use } = this.renewer.plan(known.shop, connector);
    if (use === 'good') return known;
    if (use !== 'stale') throw noToken(known.shop);
    try {
      return await this.renewed(known.shop, connector);
    } catch (error) {
      if (this.stillLives(known.shop)) return known;
      throw error;
    }
  }

  /** The channel took the token no more with which the shop was called. */
  async refuse(shop: ShopRecord): Promise<Refused> {
    const connector = this.channels.byCode.get(shop.channel);
    if (connector === undefined || !canRenew(connector)) return 'lost';
    const now = this.clock.now();
    if (!(await this.tokens.mark(shop, { refusedAt: now, refreshDue: now }))) return 'replaced';
    const { use } = this.renewer.plan({ tokenState: { ...shop.tokenState, refusedAt: now } }, connector);
    return use === 'stale' ? 'renewing' : 'lost';
  }

  /** Looks at a shop whose tokens are due: renews them ahead of their end, and tells what a person must know. */
  async tend(shop: ShopRecord): Promise<void> {
    const connector = this.channels.byCode.get(shop.channel);
    if (connector === undefined) return this.rest(shop, undefined);
    const { use, isAhead } = this.renewer.plan(shop, connector);
    const isWanted = canRenew(connector) && (isAhead || use === 'stale' || shop.tokenState.deadAt !== undefined);
    if (!isWanted) return this.settle(shop, connector);
    try {
      const renewed = await this.renewer.renew(shop, connector, true);
      if (renewed !== undefined) await this.settle(renewed.shop, connector);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      await this.tellFailure(shop, connector, error);
    }
  }

  /** A push told something of the right to act for the shop. News from before the last consent is old. */
  async hear(shop: ShopRecord, { news, until, at }: AccessNews): Promise<'heard' | 'old'> {
    const { grantedAt = 0, refreshTokenExpiresAt } = shop.tokenState;
    if (at < grantedAt) return 'old';
    const now = this.clock.now();
    if (news === 'expiring') {
      const endsAt = until ?? refreshTokenExpiresAt ?? now + SOON_MS;
      await this.tokens.mark(shop, { endsAt, refreshDue: now });
    }
    // The push is a hint: whether the right is gone is what asking for the next pair says.
    if (news === 'revoked') await this.tokens.mark(shop, { refusedAt: now, refreshDue: now });
    return 'heard';
  }

  /** Whether the shop can be called as far as anybody knows. */
  isGood(shop: ShopRecord): boolean {
    const connector = this.channels.byCode.get(shop.channel);
    if (connector === undefined) return false;
    return shop.tokenState.refusedAt === undefined && this.renewer.plan(shop, connector).use === 'good';
  }

  /** Says what is so of the shop's authorisation now. */
  async tell(shop: ShopRecord): Promise<void> {
    const connector = this.channels.byCode.get(shop.channel);
    if (connector !== undefined) await this.problems.tell(shop, this.renewer.plan(shop, connector));
    // Of a pair that the hub asked for itself, only the next call shows that it is taken.
    const { grantedAt, gotAt } = shop.tokenState;
    if (grantedAt === gotAt && this.isGood(shop)) await this.problems.isWell(shop);
  }

  private async renewed(shop: ShopRecord, connector: Connector): Promise<ShopWithAccess> {
    const key = keyOf(shop.seller, shop.id);
    const running = this.renewing.get(key);
    if (running !== undefined) return running;
    const begun = this.renewOrWait(shop, connector).finally(() => this.renewing.delete(key));
    this.renewing.set(key, begun);
    return begun;
  }

  private async renewOrWait(shop: ShopRecord, connector: Connector): Promise<ShopWithAccess> {
    const key = keyOf(shop.seller, shop.id);
    for (const endsAt = performance.now() + MOST_WAIT_MS; performance.now() < endsAt;) {
      const renewed = await this.renewer.renew(shop, connector);
      if (renewed !== undefined) return renewed;
      if ((this.inVain.get(key) ?? 0) > performance.now()) break;
      await delay(LOOK_MS * (0.5 + Math.random()));
      const known = await this.shops.access(shop.seller, shop.id);
      if (known === undefined) throw new NoToken('the shop is no more');
      const { use } = this.renewer.plan(known.shop, connector);
      if (use === 'good') return known;
      if (use !== 'stale') throw noToken(known.shop);
    }
    if (this.inVain.size >= MOST_IN_VAIN) this.inVain.clear();
    this.inVain.set(key, performance.now() + IN_VAIN_MS);
    const waiting = { kind: 'unavailable', unanswered: false, afterMs: 1000 } as const;
    throw new ChannelError(waiting, 'another process still asks for the token of the shop');
  }

  private stillLives({ tokenState }: ShopRecord): boolean {
    const { isPresent, refusedAt, accessTokenExpiresAt = Infinity } = tokenState;
    return isPresent && refusedAt === undefined && accessTokenExpiresAt > this.clock.now();
  }

  private async settle(shop: ShopRecord, connector: Connector): Promise<void> {
    const plan = this.renewer.plan(shop, connector);
    await this.problems.tell(shop, plan);
    await this.rest(shop, plan);
  }

  private async rest(shop: ShopRecord, plan: TokenPlan | undefined): Promise<void> {
    await this.tokens.mark(shop, { refreshDue: plan?.next ?? null });
  }

  /** When to ask again was noted with the failure. */
  private async tellFailure(shop: ShopRecord, connector: Connector, error: ChannelError): Promise<void> {
    const now = await this.shops.find(shop.seller, shop.id);
    if (now === undefined) return;
    const plan = this.renewer.plan(now, connector);
    await this.problems.tell(now, plan);
    if (plan.use === 'dead' || plan.use === 'held') await this.problems.isOver(now, error.message);
    if (error instanceof NoToken && now.tokenState.deadAt === undefined) await this.rest(now, plan);
  }
}

const canRenew = (connector: Connector): boolean =>
  connector.issueToken !== undefined || connector.authorisation !== undefined;

const noToken = ({ tokenState, name }: ShopRecord): NoToken =>
  new NoToken(tokenState.isPresent ? `the authorisation of ${name} is over` : `${name} was never authorised`);
