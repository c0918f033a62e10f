import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { AppId, SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { Seal, type SealPlace } from '../platform/seal';
import { nested, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const APPS = 'apps';

/** One address that a channel calls; an older one lives on until `until`. */
export interface Hook {
  /** 128 random bits. */
  readonly id: string;
  /** As given when the address was made: Shopee signs it, so it is never rebuilt. */
  readonly url: string;
  readonly until?: number;
}

/** A registration at a channel, without its secrets. */
export interface AppRecord {
  readonly id: AppId;
  readonly v: number;
  /** Absent on the hub's own apps. */
  readonly seller?: SellerId;
  readonly channel: string;
  readonly region: string;
  readonly key: string;
  /** The present address first. */
  readonly hooks: readonly Hook[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What verifies a push: the app it arrived at, with the secrets that are good now, the present one first. */
export interface AppForHook {
  readonly id: AppId;
  readonly channel: string;
  readonly key: string;
  readonly secrets: readonly string[];
  readonly hookUrl: string;
  readonly seller?: SellerId;
}

/** What an app signs its calls with: the present secret first. */
export interface AppCredentials {
  readonly id: AppId;
  readonly channel: string;
  readonly region: string;
  readonly key: string;
  readonly secrets: readonly string[];
}

/** What to change of an app; `overlapUntil` is when the secret or address that is replaced dies. */
export interface AppChange {
  readonly key?: string;
  readonly region?: string;
  readonly secret?: string;
  readonly hook?: Pick<Hook, 'id' | 'url'>;
  readonly overlapUntil: number;
}

interface SealedSecret {
  readonly sealed: string;
  readonly until?: number;
}

interface AppDoc extends Omit<AppRecord, 'id' | 'seller'> {
  readonly _id: AppId;
  /** Empty for the hub's own. */
  readonly seller: string;
  readonly secrets: readonly SealedSecret[];
}

const HUBS_OWN = '';
const MOST_KEPT = 4;

export const appSchema = recordSchema<AppDoc>(APPS, {
  v: { type: Number, required: true },
  seller: { type: String, default: HUBS_OWN },
  channel: { type: String, required: true },
  region: { type: String, required: true },
  key: { type: String, required: true },
  secrets: { type: [nested({ sealed: String, until: Number })], required: true },
  hooks: { type: [nested({ id: String, url: String, until: Number })], required: true },
  createdAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
});

/** Registrations at channels: the hub's own and the sellers'. */
@Injectable()
export class AppsStore {
  constructor(
    @InjectModel(APPS) private readonly model: Model<AppDoc>,
    private readonly seal: Seal,
    private readonly clock: Clock,
  ) {}

  /** Keeps a new app. */
  async insert(app: AppRecord, secret: string): Promise<void> {
    const { id, seller, ...rest } = app;
    const secrets = [{ sealed: this.seal.seal(secret, placeOf(app)) }];
    await this.model.create({ ...rest, _id: id, seller: seller ?? HUBS_OWN, secrets });
  }

  /** The app that a path `/hooks/:channel/:app` names, with what verifies its pushes. */
  async findForHook(channel: string, hookId: string): Promise<AppForHook | undefined> {
    const doc = await this.model.findOne({ 'hooks.id': hookId, channel }).lean<AppDoc>();
    const now = this.clock.now();
    const hook = doc?.hooks.find(({ id }) => id === hookId);
    if (!doc || !hook || isOver(hook, now)) return undefined;
    const app = recordOf(doc);
    return {
      id: app.id,
      channel,
      key: app.key,
      secrets: this.open(doc, now),
      hookUrl: hook.url,
      ...(app.seller && { seller: app.seller }),
    };
  }

  /** The app with this id, whoever it belongs to: the caller looks at `seller`. */
  async find(id: AppId): Promise<AppRecord | undefined> {
    const doc = await this.model.findOne({ _id: id }).lean<AppDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Key and secrets to sign calls with, the present secret first. */
  async credentials(id: AppId): Promise<AppCredentials | undefined> {
    const doc = await this.model.findOne({ _id: id }).lean<AppDoc>();
    if (!doc) return undefined;
    const { channel, region, key } = doc;
    return { id, channel, region, key, secrets: this.open(doc, this.clock.now()) };
  }

  /** The seller's apps by id, after `after`; without a seller the hub's own. */
  async list(seller: SellerId | undefined, page: { after?: string; limit: number }): Promise<AppRecord[]> {
    const filter = { seller: seller ?? HUBS_OWN, ...(page.after && { _id: { $gt: page.after as AppId } }) };
    const docs = await this.model.find(filter).sort({ _id: 1 }).limit(page.limit).lean<AppDoc[]>();
    return docs.map(recordOf);
  }

  /** All apps at a channel, the hub's own and the sellers', after `after`. */
  async ofChannel(channel: string, page: { after?: string; limit: number }): Promise<AppRecord[]> {
    const filter = { channel, ...(page.after && { _id: { $gt: page.after as AppId } }) };
    const docs = await this.model.find(filter).sort({ _id: 1 }).limit(page.limit).lean<AppDoc[]>();
    return docs.map(recordOf);
  }

  /** Writes the change if the app still has version `v`; the secret it replaces stays good until the overlap's end. */
  async change(app: AppRecord, change: AppChange): Promise<AppRecord | undefined> {
    const doc = await this.model.findOne({ _id: app.id, v: app.v }).lean<AppDoc>();
    if (!doc) return undefined;
    const { secret, hook, overlapUntil: until, ...plain } = change;
    const now = this.clock.now();
    const secrets = secret && [
      { sealed: this.seal.seal(secret, placeOf(app)) },
      ...overlapping(doc.secrets, until, now),
    ];
    const hooks = hook && [hook, ...overlapping(doc.hooks, until, now)];
    const $set = { ...plain, ...(secrets && { secrets }), ...(hooks && { hooks }), v: app.v + 1, updatedAt: now };
    const swapped = await this.model
      .findOneAndUpdate({ _id: app.id, v: app.v }, { $set }, { new: true })
      .lean<AppDoc>();
    return swapped ? recordOf(swapped) : undefined;
  }

  private open(doc: AppDoc, now: number): string[] {
    const good = doc.secrets.filter((secret) => !isOver(secret, now));
    return good.map(({ sealed }) => this.seal.open(sealed, placeOf(recordOf(doc))));
  }
}

const isOver = ({ until }: { until?: number }, now: number): boolean => until !== undefined && until <= now;

/** What was good before, the newest first, each with an end. */
function overlapping<Kept extends { readonly until?: number }>(kept: readonly Kept[], until: number, now: number) {
  return kept
    .filter((one) => !isOver(one, now))
    .slice(0, MOST_KEPT - 1)
    .map((one) => ({ ...one, until: Math.min(one.until ?? until, until) }));
}

const placeOf = (app: Pick<AppRecord, 'id' | 'seller'>): SealPlace => [app.seller ?? HUBS_OWN, app.id, 'secret'];

function recordOf({ _id, seller, secrets: _secrets, ...rest }: AppDoc): AppRecord {
  return { ...rest, id: _id, ...(seller !== HUBS_OWN && { seller: seller as SellerId }) };
}
