import { listAt, readPayload, textAt } from './payload';

const PATH = ['Request', 'Product', 'Skus', 'Sku'];

describe('a Lazada payload', () => {
  it('reads XML with one sku and with several', () => {
    const one = '<Request><Product><Skus><Sku><SkuId>1</SkuId></Sku></Skus></Product></Request>';
    const two =
      '<?xml version="1.0"?><Request><Product><Skus><Sku/><Sku><SkuId>2</SkuId></Sku></Skus></Product></Request>';
    expect(listAt(readPayload(one), PATH)).toEqual([{ SkuId: '1' }]);
    expect(listAt(readPayload(two), PATH)).toEqual(['', { SkuId: '2' }]);
  });

  it('reads JSON of the same tree, numbers as text', () => {
    const tree = readPayload(
      JSON.stringify({ Request: { Product: { Skus: { Sku: [{ SkuId: 7, SellableQuantity: 0 }] } } } }),
    );
    const [row] = listAt(tree, PATH);
    expect(row === undefined ? undefined : textAt(row, 'SellableQuantity')).toBe('0');
  });

  it('reads entities and CDATA', () => {
    const tree = readPayload('<R><A>a &amp; b &#x41;</A><B><![CDATA[<c>]]></B></R>');
    expect(tree).toEqual({ R: { A: 'a & b A', B: '<c>' } });
  });

  it.each(['<a><b></a></b>', '<a>', '{"a":', ''])('says that %j cannot be read', (text) => {
    expect(readPayload(text)).toBeUndefined();
  });
});
