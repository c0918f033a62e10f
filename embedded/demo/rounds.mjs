import { randomUUID } from 'node:crypto';
import { forEach } from './call.mjs';
import { stateExisting, stockOf } from './market.mjs';
import { issuesTokens, tokensOf } from './seller.mjs';

const LOW = 60;
const DELIVERED = 140;
const AT_ONCE = 4;
const RENEW_BEFORE_MS = 30 * 60_000;

/** The supplier brings more of what runs out, so that the demo can go on for days. */
export async function bringSupplies({ hub, sandbox, skus }) {
  const low = (await stockOf(hub, skus)).filter(({ free }) => free < LOW);
  await forEach(low, AT_ONCE, async ({ sku }) => {
    const report = await sandbox('GET', `/_sandbox/report?sku=${encodeURIComponent(sku)}`);
    const existed = report.skus.find((row) => row.sku === sku)?.existed ?? 0;
    await stateExisting(sandbox, sku, existed + DELIVERED);
    const lines = [{ sku, units: DELIVERED }];
    await hub('POST', '/v1/stock/moves', { id: `supplier-${randomUUID()}`, lines, reason: 'the supplier delivered' });
  });
}

/**
 * Pushes that the hub could not take (it was being restarted, say) would be sent again by the marketplaces' own ladders
 * after minutes or half an hour. Nobody watches a demo for so long: those of the demo's shops are sent again now.
 */
export async function sendAgain({ sandbox, made }) {
  for (const { channel, channelShopId } of made) {
    for (const state of ['retrying', 'given-up']) {
      const query = `channel=${channel}&shop=${encodeURIComponent(channelShopId)}&state=${state}&limit=200`;
      const { items } = await sandbox('GET', `/_sandbox/pushes?${query}`);
      await forEach(items, AT_ONCE, ({ id }) => sandbox('POST', `/_sandbox/${channel}/pushes/${id}/resend`, {}));
    }
  }
}

/** Where a shop's tokens end soon, consent is given again. */
export async function renewTokens({ hub, sandbox, made }) {
  for (const { channel, channelShopId, shop } of made) {
    const { items } = await sandbox('GET', `/_sandbox/${channel}/shops`);
    const known = items.find(({ id }) => id === channelShopId);
    if (known === undefined || issuesTokens(known)) continue;
    if (Date.parse(known.accessTokenExpiresAt) - Date.now() > RENEW_BEFORE_MS) continue;
    const renewed = await sandbox('POST', `/_sandbox/${channel}/shops/${channelShopId}/tokens`, {});
    await hub('PATCH', `/v1/shops/${shop.id}`, { tokens: tokensOf(renewed) });
  }
}
