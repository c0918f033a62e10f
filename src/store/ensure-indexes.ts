import type { CreateIndexesOptions, Db } from 'mongodb';
import { BootRefusal } from '../platform/hub-error';
import type { IndexSpec } from './indexes';

/** `orders(seller, updatedAt, _id)`, for people. */
export const indexNameOf = ({ collection, key }: IndexSpec): string => `${collection}(${Object.keys(key).join(', ')})`;

/**
 * Builds every index of the table that is not there yet. One that is there is left alone.
 * @throws BootRefusal with the index that cannot be built.
 */
export async function ensureIndexes(db: Db, specs: readonly IndexSpec[]): Promise<void> {
  for (const spec of specs) {
    try {
      await db.collection(spec.collection).createIndex({ ...spec.key }, optionsOf(spec));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new BootRefusal(`the index ${indexNameOf(spec)} cannot be built: ${why}`);
    }
  }
}

const optionsOf = ({ unique, sparse, expireAfterSeconds }: IndexSpec): CreateIndexesOptions => ({
  ...(unique && { unique }),
  ...(sparse && { sparse }),
  ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
});
