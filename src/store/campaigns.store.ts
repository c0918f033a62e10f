import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import {
  CAMPAIGN_STATES,
  keyOf,
  type CampaignState,
  type CampaignTime,
  type QuotaMode,
  type SellerId,
} from '../domain';
import type { ItemList } from './campaign-items.store';
import { isDuplicateKey } from './duplicate-key';
import { FREE, recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const CAMPAIGNS = 'campaigns';

/** A flash sale, without its items and its log. */
export interface CampaignRecord extends CampaignTime {
  readonly id: string;
  readonly seller: SellerId;
  readonly v: number;
  readonly name: string;
  readonly kind: 'bulk';
  readonly stockMode: QuotaMode;
  /** Of each of its quotas: somebody is told when no more than this is left. */
  readonly lowStockPercent?: number;
  readonly timeZone: string;
  readonly state: CampaignState;
  /** Which list of items is its own: an edit writes another one and swaps this name. */
  readonly list: string;
  readonly itemCount: number;
  /** How many entries its log has. */
  readonly entries: number;
  /** Who edited it last: the same person does not approve it. */
  readonly editedBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly liveAt?: number;
  readonly endedAt?: number;
  /** How often in a row bringing the items to its state failed. */
  readonly tries: number;
  /** When somebody is to look at it: to start it, to end it, or to bring its items to its state. */
  readonly due?: number;
}

export type CampaignDeed =
  'made' | 'edited' | 'submitted' | 'sent-back' | 'approved' | 'cancelled' | 'stopped' | 'started' | 'missed' | 'ended';

/** One entry of a campaign's log: who did what. `hub` is nobody's doing. */
export interface CampaignEntry {
  readonly at: number;
  readonly by: string;
  readonly did: CampaignDeed;
  readonly reason?: string;
  /** For an edit: the fields that changed. */
  readonly changed?: readonly string[];
  /** For a start: how long after its instant. */
  readonly lateMs?: number;
}

/** The list of items that the campaign names. */
export const listOf = ({ seller, id, list }: Pick<CampaignRecord, 'seller' | 'id' | 'list'>): ItemList => ({
  seller,
  campaign: id,
  list,
});

/** What a swap changes; an undefined `due` is taken away. */
export type CampaignChange = Partial<Omit<CampaignRecord, 'id' | 'seller' | 'v' | 'entries' | 'due'>> & {
  readonly due: number | undefined;
};

interface CampaignDoc extends CampaignRecord {
  readonly _id: string;
  readonly activity: readonly (CampaignEntry & { readonly v: number })[];
}

/** The hub's name in the log. */
export const BY_HUB = 'hub';

export const campaignSchema = recordSchema<CampaignDoc>(CAMPAIGNS, {
  id: { type: String, required: true },
  seller: { type: String, required: true },
  v: { type: Number, required: true },
  name: { type: String, required: true },
  kind: { type: String, enum: ['bulk'], required: true },
  stockMode: { type: String, enum: ['allocation', 'reservation'], required: true },
  lowStockPercent: { type: Number },
  timeZone: { type: String, required: true },
  startsAt: { type: Number, required: true },
  endsAt: { type: Number, required: true },
  state: { type: String, enum: CAMPAIGN_STATES, required: true },
  list: { type: String, required: true },
  itemCount: { type: Number, required: true },
  entries: { type: Number, required: true },
  editedBy: { type: String, required: true },
  createdAt: { type: Number, required: true },
  updatedAt: { type: Number, required: true },
  liveAt: { type: Number },
  endedAt: { type: Number },
  tries: { type: Number, required: true },
  due: { type: Number },
  activity: { type: [FREE], required: true },
});

const WITHOUT_LOG = { activity: 0 } as const;

/** Campaigns by seller and id. Their log only grows, in the write that it tells of. */
@Injectable()
export class CampaignsStore {
  constructor(@InjectModel(CAMPAIGNS) private readonly model: Model<CampaignDoc>) {}

  /** Keeps a new campaign at version 1. False when the id is taken. */
  async insert(campaign: CampaignRecord, entry: CampaignEntry): Promise<boolean> {
    try {
      await this.model.create({ ...campaign, _id: idOf(campaign), activity: [{ ...entry, v: campaign.v }] });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async find(seller: SellerId, id: string): Promise<CampaignRecord | undefined> {
    const doc = await this.model.findOne({ _id: idOf({ seller, id }) }, WITHOUT_LOG).lean<CampaignDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** The seller's campaigns, newest first, those of one state or all; `before` is where the last page ended. */
  async list(
    seller: SellerId,
    page: { readonly state?: CampaignState; readonly before?: string; readonly limit: number },
  ): Promise<CampaignRecord[]> {
    const { state, before, limit } = page;
    const filter = { seller, ...(state && { state }), ...(before !== undefined && { id: { $lt: before } }) };
    const docs = await this.model.find(filter, WITHOUT_LOG).sort({ id: -1 }).limit(limit).lean<CampaignDoc[]>();
    return docs.map(recordOf);
  }

  /** The log, oldest first. */
  async activity(seller: SellerId, id: string): Promise<CampaignDoc['activity']> {
    const doc = await this.model.findOne({ _id: idOf({ seller, id }) }, { activity: 1 }).lean<CampaignDoc>();
    return doc?.activity ?? [];
  }

  /** Writes the change and its entry in the log over the campaign as read; undefined when somebody was first. */
  async swap(
    campaign: CampaignRecord,
    { due, ...change }: CampaignChange,
    entry: CampaignEntry,
  ): Promise<CampaignRecord | undefined> {
    const v = campaign.v + 1;
    const $set = {
      ...change,
      ...{ v, entries: campaign.entries + 1, updatedAt: entry.at },
      ...(due !== undefined && { due }),
    };
    const update = {
      $set,
      ...(due === undefined && { $unset: { due: 1 as const } }),
      $push: { activity: { ...entry, v } },
    };
    const filter = { _id: idOf(campaign), v: campaign.v };
    const doc = await this.model
      .findOneAndUpdate(filter, update, { new: true, projection: WITHOUT_LOG })
      .lean<CampaignDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** Campaigns that somebody is to look at, those that wait longest first. */
  async dueBefore(now: number, limit: number): Promise<CampaignRecord[]> {
    const docs = await this.model
      .find({ due: { $lte: now } }, WITHOUT_LOG)
      .sort({ due: 1 })
      .limit(limit)
      .lean<CampaignDoc[]>();
    return docs.map(recordOf);
  }

  /** The campaign as read is looked at again then, or not any more; a newer version keeps its `due`. */
  async settle(campaign: CampaignRecord, next: { readonly due?: number; readonly tries: number }): Promise<void> {
    const { due, tries } = next;
    const update = due === undefined ? { $set: { tries }, $unset: { due: 1 } } : { $set: { due, tries } };
    await this.model.updateOne({ _id: idOf(campaign), v: campaign.v }, update);
  }
}

const idOf = ({ seller, id }: { readonly seller: SellerId; readonly id: string }): string => keyOf(seller, id);

const recordOf = ({ _id, activity: _activity, ...rest }: CampaignDoc): CampaignRecord => rest;
