import { hmacHex } from '../connectors/kit';
import type { BenchApp } from './world';

export interface Push {
  readonly shop: string;
  readonly order: string;
  /** Seconds. */
  readonly updatedAt: number;
}

const ORDER_CODE = 3;
const UPDATED_AT = 1_790_000_000;

/** The push number `index` of a round. */
export const pushOf = ({ shop, round }: { readonly shop: string; readonly round: string }, index: number): Push => ({
  shop,
  order: `${round}-${index.toString(36)}`,
  updatedAt: UPDATED_AT,
});

/** A whole HTTP request that tells of an order, signed as the marketplace signs it. */
export function requestOf(app: BenchApp, { shop, order, updatedAt }: Push, code = ORDER_CODE): Buffer {
  const data = { ordersn: order, status: 'READY_TO_SHIP', completed_scenario: '', update_time: updatedAt, items: [] };
  const body = JSON.stringify({ data, shop_id: Number(shop), code, timestamp: updatedAt });
  const head = [
    `POST ${app.path} HTTP/1.1`,
    `host: 127.0.0.1:${app.port}`,
    'content-type: application/json',
    'user-agent: bench',
    `authorization: ${hmacHex(app.secret, app.hookUrl, '|', body)}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The key of the delivery that such a push becomes, after the app's id. */
export const deliveryKeyOf = ({ shop, order, updatedAt }: Push): string =>
  [shop, '3', order, 'READY_TO_SHIP', String(updatedAt)].join('|');
