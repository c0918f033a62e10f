import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { keyOf } from '../domain';
import { HubError } from './hub-error';

/** An envelope: a text of four parts, the key's id, iv, tag and data. */
export type Sealed = string;

/**
 * Where a sealed text belongs: seller (empty for what is the hub's own), record and field, by name or in this order.
 * It cannot be opened anywhere else.
 */
export type SealPlace =
  { readonly seller: string; readonly record: string; readonly field: string } | readonly string[];

interface Envelope {
  readonly keyId: string;
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly data: Buffer;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals with the present key and opens with that one and the earlier ones (AES-256-GCM). */
export class Seal {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #presentId: string;

  /** @param keys 32 bytes each in base64, the present one first. */
  constructor(keys: readonly [string, ...string[]]) {
    const pairs = keys.map((text) => Buffer.from(text, 'base64')).map((key) => [idOf(key), key] as const);
    this.#keys = new Map(pairs);
    this.#presentId = idOf(Buffer.from(keys[0], 'base64'));
  }

  seal(text: string, place: SealPlace): Sealed {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#keyOf(this.#presentId), iv).setAAD(boundTo(place));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [this.#presentId, ...[iv, cipher.getAuthTag(), data].map((bytes) => bytes.toString('base64url'))].join('.');
  }

  /** @throws HubError `unsealable`: another key, another place, or changed bytes. */
  open(envelope: Sealed, place: SealPlace): string {
    const { keyId, iv, tag, data } = partsOf(envelope);
    const key = this.#keyOf(keyId);
    try {
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
        .setAAD(boundTo(place))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
    } catch (cause) {
      const [, record = '', field = ''] = namesOf(place);
      throw unsealable(`the ${field} of ${record} does not open`, cause);
    }
  }

  #keyOf(keyId: string): Buffer {
    const key = this.#keys.get(keyId);
    if (key === undefined) throw unsealable(`the key ${keyId} is not among HUB_SECRET_KEY and HUB_OLD_SECRET_KEYS`);
    return key;
  }
}

function partsOf(envelope: Sealed): Envelope {
  const [keyId = '', ...rest] = envelope.split('.');
  const [iv, tag, data] = rest.map((part) => Buffer.from(part, 'base64url'));
  if (iv === undefined || tag === undefined || data === undefined) throw unsealable('this is no envelope');
  return { keyId, iv, tag, data };
}

const idOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 8);
const boundTo = (place: SealPlace): Buffer => Buffer.from(keyOf(...namesOf(place)));
const namesOf = (place: SealPlace): readonly string[] =>
  'seller' in place ? [place.seller, place.record, place.field] : place;
const unsealable = (message: string, cause?: unknown): HubError =>
  new HubError('unsealable', 'operator', { message, cause });
