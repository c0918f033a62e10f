import type { StockWrite } from '../kit';

/**
 * The `payload` field of a stock write: Request/Product/Skus/Sku[] as XML, or as JSON of the same tree. [L5 doc]
 * Exactly these elements: one that Lazada does not know is ignored silently with code "0". [L12 obs]
 */
export function stockPayload(writes: readonly StockWrite[], format: 'xml' | 'json'): string {
  const skus = writes.map(fieldsOf);
  if (format === 'json') {
    return JSON.stringify({
      Request: { Product: { Skus: { Sku: skus.map((fields) => Object.fromEntries(fields)) } } },
    });
  }
  const rows = skus.map((fields) => {
    const elements = fields.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    return `<Sku>${elements.join('')}</Sku>`;
  });
  return `<Request><Product><Skus>${rows.join('')}</Skus></Product></Request>`;
}

type Field = readonly [name: string, value: string | number];

function fieldsOf({ channelIds, sellable }: StockWrite): readonly Field[] {
  const fields: readonly Field[] = [
    ['ItemId', channelIds['itemId'] ?? ''],
    ['SkuId', channelIds['skuId'] ?? ''],
    ['SellerSku', channelIds['sellerSku'] ?? ''],
    // Absolute, and what buyers can buy: the default warehouse's, others keep their stock. [L5 doc][L12 obs]
    ['SellableQuantity', Math.max(0, Math.trunc(sellable))],
  ];
  return fields.filter(([, value]) => value !== '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 cannot carry are left out. */
const escapeXml = (text: string): string =>
  text.replace(/[^\t\n\r\u0020-\ufffd]/g, '').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
