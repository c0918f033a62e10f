import { json, type Call, type Reply } from '../http/call';
import type { ListingDraft } from '../market';
import { CHANNELS, type Channel } from '../shop';
import type { World } from '../world';
import { Form } from './form';
import { describeApp, describeListing, describeShop } from './setup';

/** What the demo shops sell: sku, name, price in hundredths. */
const GOODS: [string, string, number][] = [
  ['TEA-GREEN', 'Green tea, 100 g', 890],
  ['TEA-BLACK', 'Black tea, 100 g', 790],
  ['TEA-OOLONG', 'Oolong tea, 100 g', 1290],
  ['MUG-WHITE', 'Mug, white', 1490],
  ['MUG-BLUE', 'Mug, blue', 1490],
  ['POT-GLASS', 'Glass teapot, 600 ml', 3490],
  ['POT-IRON', 'Iron teapot, 800 ml', 6990],
  ['KETTLE', 'Kettle, 1.7 l', 5490],
  ['STRAINER', 'Tea strainer', 690],
  ['HONEY-250', 'Honey, 250 g', 1190],
  ['HONEY-500', 'Honey, 500 g', 1990],
  ['BISCUIT-OAT', 'Oat biscuits', 490],
  ['BISCUIT-GINGER', 'Ginger biscuits', 520],
  ['TRAY-BAMBOO', 'Bamboo tray', 2490],
  ['COASTER-CORK', 'Cork coaster', 390],
  ['TIN-SMALL', 'Tea tin, small', 890],
  ['TIN-LARGE', 'Tea tin, large', 1390],
  ['SPOON-SCOOP', 'Tea scoop', 590],
  ['CANDLE', 'Candle warmer', 1790],
  ['GIFT-WRAP', 'Gift wrapping', 300],
];

/** A pack and a bundle: each is its own listing, made of the skus above. */
const MADE_UP: { channel: Channel; sku: string; price: number; contains: { sku: string; units: number }[] }[] = [
  { channel: 'lazada', sku: 'TEA-GREEN-3PACK', price: 2390, contains: [{ sku: 'TEA-GREEN', units: 3 }] },
  { channel: 'shopee', sku: 'COASTER-CORK-4PACK', price: 1390, contains: [{ sku: 'COASTER-CORK', units: 4 }] },
  {
    channel: 'zalora',
    sku: 'SET-TEA-FOR-TWO',
    price: 6290,
    contains: [
      { sku: 'POT-GLASS', units: 1 },
      { sku: 'MUG-WHITE', units: 2 },
    ],
  },
];

interface DemoApp {
  key: string;
  secret: string;
  shop: string;
  name: string;
}

/** The channels of the demo. */
const APPS: Partial<Record<Channel, DemoApp>> = {
  lazada: { key: '100200', secret: 'demo-lazada-secret', shop: '500100', name: 'Demo Tea (Lazada)' },
  shopee: { key: '2000100', secret: 'demo-shopee-secret', shop: '600100', name: 'Demo Tea (Shopee)' },
  zalora: { key: 'demo-zalora-client', secret: 'demo-zalora-secret', shop: 'ZSG-700', name: 'Demo Tea (Zalora)' },
};

/**
 * `POST /_sandbox/demo {hookUrls?, quantity?}`: one shop a channel, one catalogue of 20 skus. Ids and tokens are the
 * same every time, so that a hub that kept its data still fits.
 */
export function setUpDemo(world: World): (call: Call) => Reply {
  return (call) => {
    const form = Form.of(call);
    const quantity = form.number('quantity', 200, { whole: true });
    const hooks = form.nested('hookUrls');
    const hookUrls = Object.fromEntries(CHANNELS.map((channel) => [channel, hooks?.maybeText(channel)]));
    hooks?.refuseUnknown();
    form.done();
    const channels = CHANNELS.flatMap((channel) => {
      const app = APPS[channel];
      return app === undefined ? [] : [openDemo(world, channel, { ...app, hookUrl: hookUrls[channel], quantity })];
    });
    const skus = GOODS.map(([sku, name, price]) => ({ sku, name, price: (price / 100).toFixed(2), quantity }));
    for (const { sku } of skus) world.market.tally.state(sku, quantity);
    return json(201, { currency: 'SGD', skus, channels });
  };
}

function openDemo(
  world: World,
  channel: Channel,
  options: DemoApp & { hookUrl: string | undefined; quantity: number },
): unknown {
  const { key, secret, shop: id, name } = options;
  const app = world.market.addApp({ channel, key, secret, hookUrl: options.hookUrl });
  const shop = world.market.addShop(app, { id, name, region: 'SG', currency: 'SGD' });
  world.market.sessions.begin(shop, {});
  GOODS.forEach(([sku, , priceHundredths], index) => {
    world.market.addListing(shop, { sku, quantity: options.quantity, priceHundredths, ...models(channel, index) });
  });
  for (const made of MADE_UP.filter((one) => one.channel === channel)) {
    world.market.addListing(shop, madeUp(made, options.quantity));
  }
  return {
    channel,
    app: describeApp(app),
    hookUrl: options.hookUrl ?? null,
    shop: describeShop(shop),
    listings: [...shop.listings.values()].map(describeListing),
  };
}

/** On Shopee the two mugs are models of one item, as are the three teas; the rest have no variations. */
function models(channel: Channel, index: number): { itemId?: number; modelId?: number } {
  if (channel !== 'shopee') return {};
  if (index < 3) return { itemId: 23_400_900_001, modelId: 31_000_001 + index };
  if (index < 5) return { itemId: 23_400_900_002, modelId: 31_000_001 + index };
  return {};
}

function madeUp(made: (typeof MADE_UP)[number], quantity: number): ListingDraft {
  const most = Math.min(...made.contains.map((part) => Math.floor(quantity / part.units)));
  return { sku: made.sku, quantity: most, priceHundredths: made.price, contains: made.contains };
}
