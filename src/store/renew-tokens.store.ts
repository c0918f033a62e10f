import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ChannelError, type Connector, type Tokens } from '../../connectors/kit';
import { keyOf, planTokens, type TokenPlan } from '../domain';
import { Clock } from '../platform/clock';
import { crashPoint } from '../platform/crash-point';
import { Log } from '../platform/logger';
import { Pace } from '../platform/pace';
import { AppCalls, TOKENS } from './app-calls.store';
import { LeasesStore, type Lease } from './leases.store';
import type { ShopTokens } from './sealed-tokens';
import { ShopTokensStore, type RenewedPair } from './shop-tokens.store';
import { ShopsStore, type ShopRecord, type ShopWithAccess } from './shops.store';
import { waysOf } from './token-ways';

/** No token can be had for a shop; nothing was sent. Nobody has to doubt what is stored. */
export class NoToken extends ChannelError {
  constructor(why: string) {
    super({ kind: 'unauthorized' }, why);
  }
}

/** Somebody else is at it, or was: nothing was sent, and nothing is known. */
class Overtaken extends ChannelError {
  constructor(why: string) {
    super({ kind: 'unavailable', unanswered: false, afterMs: 1000 }, why);
  }
}

/** Longer than one call may take, and its turn; held longer before a second one. */
const LEASE_MS = 15_000;
/** A channel that could not be asked is asked again. */
const AGAIN_MS = 15_000;
/** What the channel refused may have been the app's secret, or a mistake of its own: it is asked again now and then. */
const DEAD_AGAIN_MS = 900_000;
const ISSUE_AGAIN_MS = 60_000;
/** A store that is away comes back: what a token bought that serves once is not lost for want of a little patience. */
const KEEP_MS = 30_000;
const KEEP_AGAIN_MS = 250;

/** Replaces a shop's tokens, one process at a time, and keeps the new pair before anybody uses it. */
@Injectable()
export class RenewTokens {
  constructor(
    private readonly shops: ShopsStore,
    private readonly tokens: ShopTokensStore,
    private readonly leases: LeasesStore,
    private readonly calls: AppCalls,
    private readonly clock: Clock,
    private readonly pace: Pace,
    private readonly log: Log,
  ) {}

  /** What is to be done with the shop's tokens now. */
  plan(shop: Pick<ShopRecord, 'tokenState'>, connector: Connector): TokenPlan {
    return planTokens(shop.tokenState, waysOf(connector, this.pace), this.clock.now());
  }

  /**
   * The shop with tokens that are good, renewed if need be. Undefined while another process is at it.
   * @param retriesDead what is known to be dead is asked for once more.
   * @throws ChannelError when there are none.
   */
  async renew(
    shop: Pick<ShopRecord, 'seller' | 'id'>,
    connector: Connector,
    retriesDead = false,
  ): Promise<ShopWithAccess | undefined> {
    const lease = await this.leases.take(keyOf('tokens', shop.seller, shop.id), LEASE_MS);
    if (lease === undefined) return undefined;
    try {
      const known = await this.shops.access(shop.seller, shop.id);
      if (known === undefined) throw new NoToken('the shop is no more');
      const { use, isAhead } = this.plan(known.shop, connector);
      if (use === 'good' && !isAhead && known.shop.tokenState.deadAt === undefined) return known;
      if (use === 'held') throw new NoToken('a token that was just renewed is not accepted');
      if (use === 'dead' && !retriesDead) throw new NoToken('nothing is left to renew its token with');
      return await this.spend(known, connector, lease);
    } finally {
      await this.leases.release(lease);
    }
  }

  private async spend(known: ShopWithAccess, connector: Connector, lease: Lease): Promise<ShopWithAccess> {
    const { shop } = known;
    const tokens = await this.ask(known, connector, lease).catch(async (error: unknown) => {
      if (!(error instanceof ChannelError) || error instanceof Overtaken) throw error;
      await this.noteFailure(shop, connector, error);
      // What the channel refused here is the refresh token: nobody is to think that a call was refused.
      throw isNo(error) ? new NoToken(error.message) : error;
    });
    crashPoint('tokens.renewed');
    const catchesUp = this.plan(shop, connector).use !== 'good';
    const pair = { tokens, now: this.clock.now(), fence: lease.fence, catchesUp };
    const isKept = await this.keep(shop, pair);
    const outcome = isKept ? 'the tokens of a shop were renewed' : 'other tokens of a shop came first';
    this.log.info({ seller: shop.seller, shop: shop.id, fence: lease.fence }, outcome);
    const now = await this.shops.access(shop.seller, shop.id);
    if (now === undefined) throw new NoToken('the shop is no more');
    return now;
  }

  /** Another holder may have the lease by now: the pair's name and the fence say whose pair stays. */
  private async keep(shop: ShopRecord, pair: RenewedPair): Promise<boolean> {
    for (const endsAt = performance.now() + KEEP_MS; ;) {
      try {
        return await this.tokens.replace(shop, pair);
      } catch (error) {
        if (performance.now() > endsAt) throw error;
        this.log.warn({ seller: shop.seller, shop: shop.id, err: error }, 'new tokens of a shop cannot be kept yet');
        await delay(KEEP_AGAIN_MS);
      }
    }
  }

  private async ask(known: ShopWithAccess, connector: Connector, lease: Lease): Promise<ShopTokens> {
    if (connector.issueToken !== undefined) {
      const { accessToken, expiresInMs } = await connector.issueToken(this.calls.ofShop(known, connector, TOKENS));
      return { accessToken, accessTokenExpiresAt: this.clock.now() + expiresInMs };
    }
    const recovered = await this.recovered(known, connector);
    if (recovered !== undefined) return recovered;
    if (!(await this.leases.renew(lease, LEASE_MS))) throw new Overtaken('another process asks for the token by now');
    return this.refreshed(known, connector);
  }

  /** The pair of a refresh whose answer was lost. Where there is none, the request may never have arrived. */
  private async recovered(known: ShopWithAccess, connector: Connector): Promise<Tokens | undefined> {
    if (known.shop.tokenState.spendingAt === undefined) return undefined;
    const [call, holder] = this.holderOf(known, connector);
    try {
      return await connector.authorisation?.recover?.(call, holder);
    } catch (error) {
      if (error instanceof ChannelError && isNo(error)) return undefined;
      throw error;
    }
  }

  /** That a token which serves once is being spent is written down before: its answer may be lost, or this process. */
  private async refreshed(known: ShopWithAccess, connector: Connector): Promise<Tokens> {
    const { authorisation } = connector;
    if (authorisation === undefined) throw new NoToken('the channel renews no tokens');
    const [call, holder] = this.holderOf(known, connector);
    if (authorisation.refreshTokenServes === 'once') {
      const isNoted = await this.tokens.mark(known.shop, { spendingAt: this.clock.now() });
      if (!isNoted) throw new Overtaken('other tokens came meanwhile');
    }
    return authorisation.refresh(call, holder);
  }

  private holderOf(known: ShopWithAccess, connector: Connector) {
    const { shop, app, tokens } = known;
    if (tokens?.refreshToken === undefined) throw new NoToken('the shop has no refresh token');
    const { channelShopId, region, settings } = shop;
    const { accessTokenExpiresAt = 0, ...rest } = tokens;
    const holder = { channelShopId, region, settings, tokens: { accessTokenExpiresAt, ...rest } };
    return [this.calls.ofApp(app, connector, shop), holder] as const;
  }

  /** What a failed renewal leaves behind: a dead pair, or one that may have been spent, and when to ask again. */
  private async noteFailure(shop: ShopRecord, connector: Connector, error: ChannelError): Promise<void> {
    const { failure } = error;
    const now = this.clock.now();
    const about = { seller: shop.seller, shop: shop.id, failure };
    this.log.warn(about, 'the tokens of a shop could not be renewed');
    if (isNo(error)) {
      const againMs = connector.issueToken === undefined ? DEAD_AGAIN_MS : ISSUE_AGAIN_MS;
      const marks = { deadAt: now, spendingAt: null, refreshDue: now + this.pace.of(againMs) };
      await this.tokens.mark(shop, marks);
      return;
    }
    const mayBeSpent = failure.kind === 'malformed' || (failure.kind === 'unavailable' && failure.unanswered);
    const wasLost = shop.tokenState.spendingAt !== undefined;
    const afterMs = 'afterMs' in failure ? (failure.afterMs ?? 0) : 0;
    await this.tokens.mark(shop, {
      refreshDue: now + Math.max(afterMs, this.pace.of(AGAIN_MS)),
      ...(!mayBeSpent && !wasLost && { spendingAt: null }),
    });
  }
}

const isNo = ({ failure: { kind } }: ChannelError): boolean => kind === 'unauthorized' || kind === 'refused';
