import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import {
  MOST_DATED,
  type AppId,
  type Dated,
  type SellerId,
  type ShopId,
  type ShopRules,
  type TokenState,
  DRIFT_RULES,
  type DriftRule,
} from '../domain';
import { Seal } from '../platform/seal';
import { AppsStore, type AppCredentials } from './apps.store';
import { isDuplicateKey } from './duplicate-key';
import { FREE, nested, recordSchema } from './record-schema';
import { openTokens, sealTokens, type SealedTokens, type ShopTokens } from './sealed-tokens';

/** The model's name, which is the collection's. */
export const SHOPS = 'shops';

/** One seller's account on one channel, without its tokens. */
export interface ShopRecord {
  readonly id: ShopId;
  readonly v: number;
  readonly seller: SellerId;
  readonly app: AppId;
  readonly channel: string;
  readonly channelShopId: string;
  readonly name: string;
  readonly region: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly rules: ShopRules;
  readonly restock: 'auto' | 'confirm';
  /** What is done with a number that somebody changed at the marketplace; put right where it is absent. */
  readonly drift?: DriftRule;
  readonly settings: Readonly<Record<string, string>>;
  readonly paused: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** What is known of its tokens without opening them. */
  readonly tokenState: TokenState;
  /** Since when all listings of the shop wait to be planned anew. */
  readonly due?: number;
  /** When its tokens are to be looked at. */
  readonly refreshDue?: number;
  /** Since when what was held for want of a token waits to go on. */
  readonly catchUpDue?: number;
}

/** A shop to be made. */
export interface NewShop extends Omit<ShopRecord, 'tokenState'> {
  readonly tokens?: ShopTokens;
  /** The app has this one shop and no other, because its pushes name none. */
  readonly isOnlyOne: boolean;
  /** When to make the channel send its pushes, where that is done by its API. */
  readonly hookDue?: number;
}

/** The shop with everything that a call to its channel needs, except the wire and the base address. */
export interface ShopWithAccess {
  readonly shop: ShopRecord;
  readonly access: {
    readonly channelShopId: string;
    readonly region: string;
    readonly currency: string;
    readonly appKey: string;
    readonly appSecret: string;
    /** Empty while the hub has none. */
    readonly accessToken: string;
    readonly settings: Readonly<Record<string, string>>;
  };
  /** The app that it was authorised under. */
  readonly app: AppCredentials;
  readonly tokens?: ShopTokens;
}

/** What may change of a shop; `due` asks for all its listings to be planned anew. */
export interface ShopChange {
  readonly name?: string;
  readonly rules?: ShopRules;
  readonly restock?: 'auto' | 'confirm';
  readonly drift?: DriftRule;
  readonly settings?: Readonly<Record<string, string>>;
  readonly timeZone?: string;
  readonly paused?: boolean;
  readonly tokens?: ShopTokens;
  readonly due?: number;
}

export type DatedRules = Dated<{ readonly rules: ShopRules }>;

/** As it is stored. */
export interface ShopDoc extends Omit<ShopRecord, 'id'> {
  readonly _id: ShopId;
  readonly tokens?: string;
  /** The number of the lease under which the tokens were written last. */
  readonly tokenFence?: number;
  /** The app, where it has one shop only: unique. */
  readonly onlyOf?: AppId;
  readonly hookDue?: number;
  /** The rules since when; the newest last. */
  readonly ruleHistory?: readonly DatedRules[];
}

const TOKEN_STATE = {
  ...{ isPresent: Boolean, canRefresh: Boolean, pair: String, grantedAt: Number, gotAt: Number },
  ...{ accessTokenExpiresAt: Number, refreshTokenExpiresAt: Number, endsAt: Number },
  ...{ refusedAt: Number, deadAt: Number, spendingAt: Number },
};

export const shopSchema = recordSchema<ShopDoc>(SHOPS, {
  v: { type: Number, required: true },
  seller: { type: String, required: true },
  app: { type: String, required: true },
  channel: { type: String, required: true },
  channelShopId: { type: String, required: true },
  name: { type: String, required: true },
  region: { type: String, required: true },
  currency: { type: String, required: true },
  timeZone: { type: String, required: true },
  rules: {
    type: nested({ percent: Number, buffer: Number, cap: Number, weight: Number, lastUnits: Number }),
    required: true,
  },
  restock: { type: String, enum: ['auto', 'confirm'], required: true },
  drift: { type: String, enum: DRIFT_RULES },
  settings: { type: FREE, required: true },
  paused: { type: Boolean, required: true },
  tokens: { type: String },
  tokenFence: { type: Number },
  tokenState: { type: nested(TOKEN_STATE), required: true },
  refreshDue: { type: Number },
  catchUpDue: { type: Number },
  onlyOf: { type: String },
  hookDue: { type: Number },
  ruleHistory: { type: [FREE], default: undefined },
  createdAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
  due: { type: Number },
});

/** The sellers' accounts on channels. */
@Injectable()
export class ShopsStore {
  constructor(
    @InjectModel(SHOPS) private readonly model: Model<ShopDoc>,
    private readonly apps: AppsStore,
    private readonly seal: Seal,
  ) {}

  /** Keeps a new shop. `taken`: this account of the channel is somebody's already. */
  async insert(shop: NewShop): Promise<ShopRecord | 'taken'> {
    const { id, tokens, isOnlyOne, ...rest } = shop;
    const only = isOnlyOne && { onlyOf: shop.app };
    const sealed = tokens ? this.granted(shop, tokens, shop.createdAt) : { tokenState: { isPresent: false } };
    try {
      const ruleHistory = [{ at: shop.createdAt, rules: shop.rules }];
      const doc: ShopDoc = { ...rest, _id: id, ...only, ...sealed, ruleHistory };
      await this.model.create(doc);
      return plain(doc);
    } catch (error) {
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  async find(seller: SellerId, id: ShopId): Promise<ShopRecord | undefined> {
    return recordOf(await this.model.findOne({ _id: id, seller }).lean<ShopDoc>());
  }

  /** Several shops of a seller by their ids. */
  async findMany(seller: SellerId, ids: readonly ShopId[]): Promise<ShopRecord[]> {
    const docs = await this.model.find({ _id: { $in: [...ids] }, seller }).lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** Whose account of the channel this is. */
  async findByChannelShop(app: AppId, channelShopId: string): Promise<ShopRecord | undefined> {
    return recordOf(await this.model.findOne({ app, channelShopId }).lean<ShopDoc>());
  }

  /** The shop of an app that has one shop only and does not name it. */
  async findOnlyOf(app: AppId): Promise<ShopRecord | undefined> {
    return recordOf(await this.model.findOne({ onlyOf: app }).lean<ShopDoc>());
  }

  async list(seller: SellerId, page: { after?: string; limit: number }): Promise<ShopRecord[]> {
    const filter = { seller, ...(page.after && { _id: { $gt: page.after as ShopId } }) };
    const docs = await this.model.find(filter).sort({ _id: 1 }).limit(page.limit).lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** Shops of all sellers after an id: whoever looks at each of them once. */
  async walk(after: string, limit: number): Promise<ShopRecord[]> {
    const docs = await this.model
      .find({ _id: { $gt: after as ShopId } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** Everything that a call to the channel needs for this shop. */
  async access(seller: SellerId, id: ShopId): Promise<ShopWithAccess | undefined> {
    const doc = await this.model.findOne({ _id: id, seller }).lean<ShopDoc>();
    const app = doc && (await this.apps.credentials(doc.app));
    if (!doc || !app) return undefined;
    const tokens = doc.tokens === undefined ? undefined : openTokens(this.seal, plain(doc), doc.tokens);
    const { channelShopId, region, currency, settings } = doc;
    const access = { channelShopId, region, currency, settings };
    return {
      shop: plain(doc),
      access: {
        ...access,
        appKey: app.key,
        appSecret: app.secrets[0] ?? '',
        accessToken: tokens?.accessToken ?? '',
      },
      app,
      ...(tokens && { tokens }),
    };
  }

  /** Writes the change if the shop still has version `v`. */
  async change(shop: ShopRecord, change: ShopChange, now: number): Promise<ShopRecord | undefined> {
    const { tokens, ...rest } = change;
    const sealed = tokens && { ...this.granted(shop, tokens, now), catchUpDue: now };
    const $set = { ...rest, ...sealed, v: shop.v + 1, updatedAt: now };
    const { rules } = change;
    const dated = rules && { $push: { ruleHistory: { $each: [{ at: now, rules }], $slice: -MOST_DATED } } };
    const update = { $set, ...dated };
    return recordOf(
      await this.model.findOneAndUpdate({ _id: shop.id, v: shop.v }, update, { new: true }).lean<ShopDoc>(),
    );
  }

  /** The rules of some shops since they were made, or since the oldest change that is kept. */
  async ruleHistories(seller: SellerId, ids: readonly ShopId[]): Promise<ReadonlyMap<ShopId, readonly DatedRules[]>> {
    const docs = await this.model.find({ _id: { $in: [...ids] }, seller }, { ruleHistory: 1 }).lean<ShopDoc[]>();
    return new Map(docs.map(({ _id, ruleHistory = [] }) => [_id, ruleHistory]));
  }

  /** Shops whose listings wait to be planned anew, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<ShopRecord[]> {
    const docs = await this.model
      .find({ due: { $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** All listings were planned anew for the shop as read; false when it changed again since. */
  async settle(shop: Pick<ShopRecord, 'id' | 'v'>): Promise<boolean> {
    const answer = await this.model.updateOne({ _id: shop.id, v: shop.v }, { $unset: { due: 1 } });
    return answer.modifiedCount === 1;
  }

  /** Shops whose channel is still to be told where to send its pushes. */
  async hooksDueBefore(now: number, limit: number): Promise<ShopRecord[]> {
    const docs = await this.model
      .find({ hookDue: { $lte: now } })
      .sort({ hookDue: 1 })
      .limit(limit)
      .lean<ShopDoc[]>();
    return docs.map(plain);
  }

  /** The channel was told; or, with `again`, is to be told later. */
  async settleHook(id: ShopId, again?: number): Promise<void> {
    const change = again === undefined ? { $unset: { hookDue: 1 } } : { $set: { hookDue: again } };
    await this.model.updateOne({ _id: id }, change);
  }

  /** The only shop of an app has a new address to register. */
  async makeHookDue(app: AppId, now: number): Promise<void> {
    await this.model.updateOne({ onlyOf: app }, { $set: { hookDue: now } });
  }

  /** Tokens that a person brought: looked at by the next sweep. */
  private granted(
    shop: Pick<ShopRecord, 'id' | 'seller'>,
    tokens: ShopTokens,
    now: number,
  ): SealedTokens & { refreshDue: number } {
    return { ...sealTokens(this.seal, shop, { tokens, grantedAt: now, gotAt: now }), refreshDue: now };
  }
}

/** A stored shop without what only stores know. */
export const plain = (doc: ShopDoc): ShopRecord => {
  const { _id, tokens: _tokens, onlyOf: _onlyOf, hookDue: _hookDue, tokenFence: _fence, ...more } = doc;
  const { ruleHistory: _rules, ...rest } = more;
  return { ...rest, id: _id };
};
const recordOf = (doc: ShopDoc | null): ShopRecord | undefined => (doc ? plain(doc) : undefined);
