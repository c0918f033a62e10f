import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { SellerId } from '../domain';
import { recordSchema } from './record-schema';

/** The model's name, which is the collection's. */
export const KEYS = 'keys';

export const KEY_ROLES = ['viewer', 'editor', 'approver', 'operator', 'storefront', 'prices', 'admin'] as const;
/** What a key may do. */
export type KeyRole = (typeof KEY_ROLES)[number];

/** A key to the API, without the key: only its hash is kept. */
export interface KeyRecord {
  readonly id: string;
  readonly seller: SellerId;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly name: string;
  /** The person or system that it belongs to. */
  readonly person: string;
  readonly roles: readonly KeyRole[];
  readonly createdAt: number;
}

interface KeyDoc extends Omit<KeyRecord, 'id'> {
  readonly _id: string;
}

export const keySchema = recordSchema<KeyDoc>(KEYS, {
  seller: { type: String, required: true },
  hash: { type: String, required: true },
  name: { type: String, required: true },
  person: { type: String, required: true },
  roles: { type: [String], required: true },
  createdAt: { type: Number, required: true },
});

/** Keys to the API and the persons they belong to. */
@Injectable()
export class KeysStore {
  constructor(@InjectModel(KEYS) private readonly model: Model<KeyDoc>) {}

  async insert(key: KeyRecord): Promise<void> {
    const { id, ...rest } = key;
    await this.model.create({ ...rest, _id: id });
  }

  /** The key of a caller, before the seller is known. */
  async findByHash(hash: string): Promise<KeyRecord | undefined> {
    const doc = await this.model.findOne({ hash }).lean<KeyDoc>();
    return doc ? recordOf(doc) : undefined;
  }

  /** All keys of one person. */
  async ofPerson(seller: SellerId, person: string): Promise<KeyRecord[]> {
    const docs = await this.model.find({ seller, person }).lean<KeyDoc[]>();
    return docs.map(recordOf);
  }

  /** Whether the key is still good. */
  async exists(seller: SellerId, id: string): Promise<boolean> {
    return (await this.model.exists({ _id: id, seller })) !== null;
  }

  async list(seller: SellerId, page: { after?: string; limit: number }): Promise<KeyRecord[]> {
    const filter = { seller, ...(page.after && { _id: { $gt: page.after } }) };
    const docs = await this.model.find(filter).sort({ _id: 1 }).limit(page.limit).lean<KeyDoc[]>();
    return docs.map(recordOf);
  }

  async remove(seller: SellerId, id: string): Promise<boolean> {
    return (await this.model.deleteOne({ _id: id, seller })).deletedCount === 1;
  }
}

const recordOf = ({ _id, ...rest }: KeyDoc): KeyRecord => ({ ...rest, id: _id });
