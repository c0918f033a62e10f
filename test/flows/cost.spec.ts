import { MongoClient } from 'mongodb';
import { readCost } from '../support/engine/process';
import { CHANNELS, type Channel } from '../support/stack/channels';
import { Flows, type Bench } from '../support/stack/flows';
import { Look } from '../support/stack/look';

const ORDERS = 24;
const all = (units: number) => ({ lazada: units, shopee: units, zalora: units });

/** Only the embedded engine counts what queries cost. */
const onEngine = process.env['SLUICE_ENGINE_CMD'] === undefined ? it.skip : it;

describe('what an order costs the database', () => {
  let flows: Flows;
  let client: MongoClient;

  beforeAll(async () => {
    flows = await Flows.join();
    client = await MongoClient.connect(flows.places.mongoUrl);
  });
  afterAll(async () => {
    await client.close();
    await flows.leave();
  });

  onEngine('does not grow with 50,000 skus and as many orders', async () => {
    const bench = await flows.newSeller();
    const few = Array.from({ length: ORDERS }, (_, index) => `C-${index + 1}`);
    await bench.shelf.stock(few.map((sku) => ({ sku, onHand: 100 })));
    for (const sku of few) await bench.market.untilShown(sku, all(100));
    const small = await costOf(bench, few);
    const large = await costOf(flows.large, await flows.takeSkus(ORDERS));
    console.info(`per order, of a seller with ${ORDERS} skus: ${text(small)}; with 50,000: ${text(large)}`);
    expect([small.fullScans, large.fullScans]).toEqual([0, 0]);
    expect(large.documents).toBeLessThan(small.documents * 1.5 + 5);
    expect(large.keys).toBeLessThan(small.keys * 1.5 + 10);
  });

  /** Keys and documents that were read per order, from the buyer to the last listing, the sweeps of that time included. */
  async function costOf({ market, hub }: Bench, skus: readonly string[]) {
    const look = new Look(hub);
    const before = await readCost(client);
    for (const [index, sku] of skus.entries()) {
      await market.order(CHANNELS[index % 3] as Channel, [{ sku, units: 1 }]);
      await market.untilShown(sku, all(99));
    }
    for (const sku of skus.slice(-1)) await look.untilStock(sku, { committed: 1 });
    const after = await readCost(client);
    return {
      keys: (after.keys - before.keys) / skus.length,
      documents: (after.documents - before.documents) / skus.length,
      fullScans: after.fullScans - before.fullScans,
    };
  }
});

const text = ({ keys, documents }: { keys: number; documents: number }) =>
  `${keys.toFixed(1)} keys, ${documents.toFixed(1)} documents`;
