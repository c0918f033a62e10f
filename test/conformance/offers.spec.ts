import type { CatalogueItem, Connector, Prices } from '../../connectors/kit';
import { always, conform } from './suite';

const MANY = 130;
const MOST_PAGES = 50;
const DAY_MS = 86_400_000;

/** A sale as exactly as the channel takes it; none where it takes none. */
function saleFor({ manifest }: Connector, price: number): NonNullable<Prices['sale']> | undefined {
  const startsAt = Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS;
  return manifest.prices?.saleDates === 'none' ? undefined : { price, startsAt, endsAt: startsAt + 5 * DAY_MS };
}

conform(
  {
    name: 'prices',
    of: ({ connector }) => connector.manifest.prices,
    without: 'no price is written to the channel',
  },
  ({ connector, data }, room) => {
    const { batch } = connector.manifest.prices!;
    const pushPrices = connector.pushPrices!;
    const readPrices = connector.readPrices!;
    beforeEach(() => room().setUp());

    it('are read back as they were written', async () => {
      const [first] = room().listings;
      const { price } = first!;
      const sale = saleFor(connector, price - 200);
      const prices: Prices = { price: price - 100, ...(sale && { sale }) };
      const { listing } = first!;
      expect(await pushPrices(room().call(), [{ ...first!, prices }])).toEqual([{ listing, kind: 'done' }]);
      const [reading] = await readPrices(room().call(), [first!]);
      expect(reading).toMatchObject({
        listing,
        prices: { price: price - 100, ...(sale && { sale: { price: price - 200 } }) },
      });
      const read = reading?.prices?.sale;
      // Where a channel knows days only, both days are wholly inside.
      if (sale && read) expect([read.startsAt <= sale.startsAt, read.endsAt >= sale.endsAt - 1]).toEqual([true, true]);
      if (connector.manifest.prices?.saleDates === 'instants') expect(read).toEqual(sale);
    });

    it('are whole: a sale that is left out goes away', async () => {
      const [first] = room().listings;
      const { price } = first!;
      const sale = saleFor(connector, price - 200);
      await pushPrices(room().call(), [{ ...first!, prices: { price: price - 100, ...(sale && { sale }) } }]);
      await pushPrices(room().call(), [{ ...first!, prices: { price: price + 50 } }]);
      expect(await readPrices(room().call(), [first!])).toEqual([
        { listing: first!.listing, prices: { price: price + 50 } },
      ]);
    });

    it('are written in batches, answered line by line, and undefined of what the channel does not know', async () => {
      const item = room().listings[0]!.channelIds['itemId'];
      const lines = room()
        .listings.filter(({ channelIds }) => !batch.perItem || channelIds['itemId'] === item)
        .slice(0, batch.most);
      const written = await pushPrices(
        room().call(),
        lines.map((ref) => ({ ...ref, prices: { price: ref.price + 10 } })),
      );
      expect(written.map(({ listing, kind }) => [listing, kind]).sort()).toEqual(
        lines.map(({ listing }) => [listing, 'done']).sort(),
      );
      const unknown = { ...lines[0]!, channelIds: { ...lines[0]!.channelIds, ...data.unknown.channelIds } };
      const [refused] = await pushPrices(room().call(), [{ ...unknown, prices: { price: lines[0]!.price } }]);
      expect(refused).toMatchObject({ kind: 'refused' });
      expect(await readPrices(room().call(), [unknown])).toEqual([{ listing: unknown.listing, prices: undefined }]);
    });
  },
);

conform(always('catalogue'), ({ connector }, room) => {
  async function readAll(): Promise<{ readonly items: readonly CatalogueItem[]; readonly pages: number }> {
    const items: CatalogueItem[] = [];
    let cursor: string | undefined;
    for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
      const page = await connector.listCatalogue(room().call(), cursor);
      items.push(...page.items);
      if (page.next === undefined) return { items, pages };
      cursor = page.next;
    }
    throw new Error('the catalogue does not end');
  }

  it('shows every listing with the ids that it is written by', async () => {
    const { items } = await readAll();
    const ids = (list: readonly CatalogueItem[]) =>
      list.map(({ channelIds }) => connector.listingKey(channelIds)).sort();
    expect(ids(items)).toEqual(
      room()
        .listings.map(({ channelIds }) => connector.listingKey(channelIds))
        .sort(),
    );
    for (const { sellerSku, isLive, channelIds } of items) {
      const known = room().listings.find(({ sku }) => sku === sellerSku);
      expect([sellerSku, channelIds, isLive]).toEqual([known?.sku, known?.channelIds, true]);
    }
  });

  it('is complete over all pages', async () => {
    await room().setUp({ count: MANY, prefix: 'S-', quantity: 5, price: '9.90' });
    const { items, pages } = await readAll();
    expect(new Set(items.map(({ sellerSku }) => sellerSku))).toEqual(new Set(room().listings.map(({ sku }) => sku)));
    expect(pages).toBeGreaterThan(1);
  });
});
