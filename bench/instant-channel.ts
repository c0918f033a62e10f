import type { Connector } from '../connectors/kit';
import { INSTANT } from './world';

/** What every listing of an instant channel shows until it is written. */
export const FIRST_UNITS = 10;

/** A channel in the hub's own process. It keeps the numbers that it was told, and answers at once. */
export function instantChannel(): Connector {
  const shown = new Map<string, number>();
  return {
    manifest: {
      ...{ code: INSTANT, name: INSTANT, regions: ['SG'] },
      hosts: () => ({ api: 'https://channel.invalid', auth: 'https://channel.invalid' }),
      ...{ stockBatch: { most: 50, perItem: false }, orderBatch: 50, callsPerSecond: 100_000 },
      ...{ accepted: { status: 200, body: '' }, signsPushes: true },
      channelIds: { required: ['itemId'], optional: [] },
    },
    verify: () => ({ kind: 'forged', reason: 'this channel sends no pushes' }),
    hint: () => ({ kind: 'unreadable', reason: 'this channel sends no pushes' }),
    readOrders: () => Promise.resolve([]),
    listOrders: () => Promise.resolve({ externalIds: [] }),
    normalize: () => ({ kind: 'refused', cause: 'malformed', reason: 'this channel has no orders' }),
    listingKey: ({ itemId }) => itemId ?? '',
    listCatalogue: () => Promise.resolve({ items: [] }),
    pushStock: (_call, writes) => {
      for (const { listing, sellable } of writes) shown.set(listing, sellable);
      return Promise.resolve(writes.map(({ listing }) => ({ listing, kind: 'done' })));
    },
    readStock: (_call, listings) =>
      Promise.resolve(listings.map(({ listing }) => ({ listing, sellable: shown.get(listing) ?? FIRST_UNITS }))),
  };
}
