import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AppId, TokenState } from '../domain';
import { Seal } from '../platform/seal';
import { sealTokens, type ShopTokens } from './sealed-tokens';
import { plain, SHOPS, type ShopDoc, type ShopRecord } from './shops.store';

/** A shop with its tokens as somebody read them. */
export type TokensAsRead = Pick<ShopRecord, 'id' | 'seller' | 'tokenState'>;

/** What to note of a pair; `null` takes it away. */
export type TokenMarks = {
  readonly [Mark in 'refusedAt' | 'deadAt' | 'spendingAt' | 'endsAt']?: number | null;
} & { readonly refreshDue?: number | null };

/** A pair that the channel gave the hub. */
export interface RenewedPair {
  readonly tokens: ShopTokens;
  readonly now: number;
  /** The lease under which it was asked for. */
  readonly fence: number;
  /** What was held for want of a token goes on. */
  readonly catchesUp: boolean;
}

/** The tokens in the shops' documents: each write names the pair that it was decided over. */
@Injectable()
export class ShopTokensStore {
  constructor(
    @InjectModel(SHOPS) private readonly model: Model<ShopDoc>,
    private readonly seal: Seal,
  ) {}

  /**
   * Keeps a new pair in place of the one that was read. False when there is another one by now, or a later holder of
   * the lease has written.
   */
  async replace(shop: TokensAsRead, { tokens, now, fence, catchesUp }: RenewedPair): Promise<boolean> {
    const { grantedAt = now, endsAt } = shop.tokenState;
    const pair = { tokens, grantedAt, gotAt: now, ...(endsAt !== undefined && { endsAt }) };
    const $set = {
      ...sealTokens(this.seal, shop, pair),
      ...{ tokenFence: fence, refreshDue: now },
      ...(catchesUp && { catchUpDue: now }),
    };
    const answer = await this.model.updateOne({ ...asRead(shop), tokenFence: { $not: { $gt: fence } } }, { $set });
    return answer.matchedCount === 1;
  }

  /** Notes something of the pair that was read. False when there is another one by now. */
  async mark(shop: TokensAsRead, { refreshDue, ...marks }: TokenMarks): Promise<boolean> {
    const changes = [
      ...Object.entries(marks).map(([name, value]) => [`tokenState.${name}`, value] as const),
      ...(refreshDue === undefined ? [] : [['refreshDue', refreshDue] as const]),
    ];
    const set = Object.fromEntries(changes.filter(([, value]) => value !== null));
    const unset = Object.fromEntries(changes.filter(([, value]) => value === null).map(([name]) => [name, 1]));
    const update = {
      ...(Object.keys(set).length > 0 && { $set: set }),
      ...(Object.keys(unset).length > 0 && { $unset: unset }),
    };
    return (await this.model.updateOne(asRead(shop), update)).matchedCount === 1;
  }

  /** The app has another key or secret: what its shops were refused may be given now. */
  async retryOf(app: AppId, now: number): Promise<void> {
    await this.model.updateMany({ app, 'tokenState.deadAt': { $exists: true } }, { $set: { refreshDue: now } });
  }

  /** Shops whose tokens are to be looked at, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<ShopRecord[]> {
    const docs = await this.model
      .find({ refreshDue: { $lte: now } })
      .sort({ refreshDue: 1 })
      .limit(limit)
      .lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** Shops that can be called again, and whose held work does not know it yet. */
  async caughtUpDueBefore(now: number, limit: number): Promise<ShopRecord[]> {
    const docs = await this.model
      .find({ catchUpDue: { $lte: now } })
      .sort({ catchUpDue: 1 })
      .limit(limit)
      .lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** Everything that was held goes on, as of the instant read. */
  async settleCatchUp(shop: Pick<ShopRecord, 'id' | 'catchUpDue'>): Promise<void> {
    if (shop.catchUpDue === undefined) return;
    await this.model.updateOne({ _id: shop.id, catchUpDue: shop.catchUpDue }, { $unset: { catchUpDue: 1 } });
  }
}

const pairOf = ({ pair }: TokenState): object => (pair === undefined ? { $exists: false } : { $eq: pair });
const asRead = ({ id, seller, tokenState }: TokensAsRead): object => ({
  _id: id,
  seller,
  'tokenState.pair': pairOf(tokenState),
});
