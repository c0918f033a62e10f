import type { ChannelIds } from '../kit';

/** A child of a Sku: its text, or its own children. */
export type Field = readonly [name: string, value: string | number | readonly Field[]];

/**
 * The `payload` field of a write: Request/Product/Skus/Sku[] as XML, or as JSON of the same tree. [L5 doc]
 * Exactly these elements: one that Lazada does not know is ignored silently with code "0". [L12 obs]
 */
export function payloadOf(skus: readonly (readonly Field[])[], format: 'xml' | 'json'): string {
  if (format === 'json') return JSON.stringify({ Request: { Product: { Skus: { Sku: skus.map(treeOf) } } } });
  const rows = skus.map((fields) => `<Sku>${fields.map(elementOf).join('')}</Sku>`);
  return `<Request><Product><Skus>${rows.join('')}</Skus></Product></Request>`;
}

/** ItemId and SkuId go along, SellerSku alone is deprecated as a key. An id that a listing lacks is left out. [L5 doc] */
export function idFields(channelIds: ChannelIds): readonly Field[] {
  const fields: readonly (readonly [string, string])[] = [
    ['ItemId', channelIds['itemId'] ?? ''],
    ['SkuId', channelIds['skuId'] ?? ''],
    ['SellerSku', channelIds['sellerSku'] ?? ''],
  ];
  return fields.filter(([, value]) => value !== '');
}

const isTree = (value: Field[1]): value is readonly Field[] => typeof value === 'object';

const treeOf = (fields: readonly Field[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(fields.map(([name, value]) => [name, isTree(value) ? treeOf(value) : value]));

function elementOf([name, value]: Field): string {
  const inner = isTree(value) ? value.map(elementOf).join('') : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 cannot carry are left out, halves of a pair too. */
const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
