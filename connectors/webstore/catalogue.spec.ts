import { jsonAnswer, scriptedCall } from '../kit/scripted-call';
import { aShop } from './a-shop';
import { listCatalogue } from './catalogue';
import page from './fixtures/catalogue.json';

describe('listCatalogue', () => {
  it('reads a page, and goes on where it ended', async () => {
    const { call, asked } = scriptedCall(aShop(), (_request, nth) =>
      jsonAnswer(nth === 0 ? page : { items: [], next: null }),
    );
    expect(await listCatalogue(call)).toEqual({
      items: [
        {
          channelIds: { sku: 'TEA-GREEN' },
          sellerSku: 'TEA-GREEN',
          name: 'Green tea, 100 g',
          isLive: true,
          sellable: 7,
        },
        { channelIds: { sku: 'MUG-OLD' }, sellerSku: 'MUG-OLD', name: 'Mug, old pattern', isLive: false },
      ],
      next: 'MUG-OLD',
      total: 3,
    });
    expect(await listCatalogue(call, 'MUG-OLD')).toEqual({ items: [] });
    expect(new URL(asked[1]?.url ?? '').searchParams.get('cursor')).toBe('MUG-OLD');
  });

  it('calls a page that leads to itself malformed', async () => {
    const { call } = scriptedCall(aShop(), () => jsonAnswer(page));
    await expect(listCatalogue(call, 'MUG-OLD')).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });
});
