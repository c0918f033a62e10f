import { allOf, CallError, forEach } from './call.mjs';

const AT_ONCE = 8;
const OPEN = ['unpaid', 'paid', 'mixed'];
const SHARE_PER_ROUND = 5;

/**
 * Tells a sandbox that forgot everything of the orders that the hub still has open, so that they can be shipped one day
 * and what they reserve is reserved. Answers them, to be finished with `finishSome`.
 */
export async function remindOfOrders({ hub, sandbox, made }) {
  const reminded = [];
  for (const { channel, shop, channelShopId } of made) {
    const orders = [];
    for (const status of OPEN) orders.push(...(await allOf(hub, `/v1/orders?shop=${shop.id}&status=${status}`)));
    const path = `/_sandbox/${channel}/shops/${channelShopId}/orders`;
    await forEach(orders.filter(isOpen), AT_ONCE, async (order) => {
      if (await remind(sandbox, path, order)) reminded.push({ path: `${path}/${order.externalId}` });
    });
  }
  return reminded;
}

const openUnits = ({ units, cancelled, shipped }) => units - cancelled - shipped;

const isOpen = ({ lines }) =>
  lines.every(({ listing }) => listing !== null) && lines.some((line) => openUnits(line) > 0);

async function remind(sandbox, path, { externalId, status, lines }) {
  const done = (name) =>
    lines.filter((line) => line[name] > 0).map((line) => ({ sku: line.listing, units: line[name] }));
  try {
    const wanted = lines.map(({ listing, units }) => ({ sku: listing, units }));
    await sandbox('POST', path, { id: externalId, unpaid: status === 'unpaid', lines: wanted });
    for (const [name, step] of [
      ['cancelled', 'cancel'],
      ['shipped', 'ship'],
    ]) {
      if (done(name).length > 0) await sandbox('POST', `${path}/${externalId}/${step}`, { lines: done(name) });
    }
    return true;
  } catch (error) {
    if (error instanceof CallError && error.status === 409) return false;
    throw error;
  }
}

/** Ships a share of the orders that were reminded of; what was never paid is paid first. Answers those that are left. */
export async function finishSome({ sandbox, reminded }) {
  const some = Math.ceil(reminded.length / SHARE_PER_ROUND);
  await forEach(reminded.slice(0, some), AT_ONCE, async ({ path }) => {
    for (const step of ['pay', 'ship']) await sandbox('POST', `${path}/${step}`, {}).catch(() => undefined);
  });
  return reminded.slice(some);
}
