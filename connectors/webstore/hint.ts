import { z } from 'zod';
import type { Hint } from '../kit';
import { ORDER_ID, readMessage } from './message';

const skusField = z.array(z.string().min(1).max(128)).min(1).max(1000);
const textField = z.string().max(200).catch('');

/** PROTOCOL 4: what a kept message asks for. Pure; never throws. */
export function hint(bytes: Buffer): Hint {
  const message = readMessage(bytes);
  if (message === undefined) return { kind: 'unreadable', reason: 'no JSON object with id, shop and type' };
  const channelShopId = message.shop;
  if (message.type === 'order') {
    const order = z.string().regex(ORDER_ID).safeParse(message.order);
    if (!order.success) return { kind: 'unreadable', reason: 'a message about an order without its id' };
    return { kind: 'order', channelShopId, externalId: order.data };
  }
  if (message.type === 'stock') {
    const skus = skusField.safeParse(message.skus);
    if (!skus.success) return { kind: 'unreadable', reason: 'a message about stock without skus' };
    const reason = textField.parse(message.reason);
    return {
      kind: 'listings',
      channelShopId,
      listingKeys: skus.data,
      reason: reason === '' ? 'the shop says that its stock changed' : reason,
    };
  }
  return { kind: 'ignored', channelShopId, reason: `messages of type ${message.type.slice(0, 40)} ask for nothing` };
}
