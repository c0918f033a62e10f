import { ChannelError } from '../kit';
import { lazada } from '.';

describe('the manifest', () => {
  it('names six regions, each with a host of its own and one for tokens', () => {
    const { regions, hosts } = lazada.manifest;
    expect(regions).toEqual(['sg', 'th', 'my', 'vn', 'ph', 'id']);
    expect(new Set(regions.map((region) => hosts(region).api)).size).toBe(6);
    expect(hosts('SG')).toEqual({ api: 'https://api.lazada.sg', auth: 'https://auth.lazada.com' });
    expect(() => hosts('__proto__')).toThrow(ChannelError);
  });

  it('keys a listing by its SkuId, as order lines do', () => {
    expect(lazada.listingKey({ itemId: '1', skuId: '2', sellerSku: 'A' })).toBe('2');
  });
});
