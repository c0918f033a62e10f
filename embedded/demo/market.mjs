import { setTimeout as delay } from 'node:timers/promises';
import { forEach } from './call.mjs';

const AT_ONCE = 8;
const MOST_PASSES = 10;
const BETWEEN_PASSES_MS = 300;
const BUYERS = { perMinute: 20, payLaterRate: 0.15, cancelRate: 0.1, shipAfterS: 60 };

/** The demo's shops and listings at the pretend marketplaces; a repeat makes them anew with the same ids and tokens. */
export const openMarket = (sandbox) => sandbox('POST', '/_sandbox/demo', {});

/** Tells the marketplaces where the hub listens. */
export async function tellHooks(sandbox, made) {
  for (const { channel, app } of made) {
    await sandbox('PUT', `/_sandbox/${channel}/apps/${encodeURIComponent(app.key)}`, { hookUrl: app.hookUrl });
  }
}

/**
 * A pretend marketplace forgets everything when it stops, a real one does not: what its listings show now is what the
 * hub last wanted them to show. Done again until nothing differs, because the hub may be writing meanwhile.
 */
export async function showHubNumbers({ hub, sandbox, made, skus }) {
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const stock = await stockOf(hub, skus);
    const differing = await differences(sandbox, made, stock);
    if (pass > 0 && differing.length === 0) break;
    await forEach(differing, AT_ONCE, ({ path, quantity }) => sandbox('PUT', path, { quantity }));
    for (const { sku, free } of stock) await stateExisting(sandbox, sku, Math.max(0, free));
    await delay(BETWEEN_PASSES_MS);
  }
  return stockOf(hub, skus);
}

export async function stockOf(hub, skus) {
  const found = [];
  await forEach(skus, AT_ONCE, async ({ sku }) => {
    found.push(await hub('GET', `/v1/stock/${encodeURIComponent(sku)}`));
  });
  return found;
}

/** What the seller says there is of a sku: the sandbox's report holds sales against it. */
export const stateExisting = (sandbox, sku, units) =>
  sandbox('PUT', `/_sandbox/stock/${encodeURIComponent(sku)}`, { units });

async function differences(sandbox, made, stock) {
  const wanted = new Map(
    stock.flatMap(({ published }) => published.map(({ shop, listing, target }) => [`${shop}|${listing}`, target])),
  );
  const found = [];
  for (const { channel, shop, channelShopId } of made) {
    const path = `/_sandbox/${channel}/shops/${channelShopId}/listings`;
    for (const { sku, quantity } of (await sandbox('GET', path)).items) {
      const target = wanted.get(`${shop.id}|${sku}`) ?? null;
      if (target !== null && target !== quantity) {
        found.push({ path: `${path}/${encodeURIComponent(sku)}`, quantity: target });
      }
    }
  }
  return found;
}

/** Buyers who order now and then, of the demo's listings only; somebody else's shops are left alone. */
export function startBuyers(sandbox, made) {
  const skus = [...new Set(made.flatMap(({ listings }) => listings.map(({ sku }) => sku)))];
  return sandbox('POST', '/_sandbox/buyers', { ...BUYERS, skus });
}

export const stopBuyers = (sandbox) => sandbox('DELETE', '/_sandbox/buyers');
