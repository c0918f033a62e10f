import { channelUrlName } from '../../config/schema';
import { currencyDigits } from '../../src/domain';
import { always, conform } from './suite';

conform(always('manifest'), ({ code, connector, data }) => {
  const { manifest } = connector;

  it('has a code that is its folder, a path segment and a setting', () => {
    expect(manifest.code).toBe(code);
    expect(code).toMatch(/^[a-z]+$/);
    expect(channelUrlName(code)).toMatch(/^HUB_[A-Z]+_URL$/);
  });

  it('says how much at once, as whole numbers from 1 on', () => {
    const counts = [manifest.stockBatch.most, manifest.orderBatch, manifest.prices?.batch.most ?? 1];
    for (const count of counts) expect([Number.isInteger(count), count >= 1]).toEqual([true, true]);
    expect(manifest.callsPerSecond).toBeGreaterThan(0);
  });

  it('has an https address in each of its regions, or a setting of the shop for it', () => {
    expect(new Set(manifest.regions).size).toBe(manifest.regions.length);
    for (const region of manifest.regions) {
      const { api, auth } = manifest.hosts(region);
      const own = manifest.addressSetting !== undefined;
      expect([api, auth].every((host) => (own ? host === '' : host.startsWith('https://')))).toBe(true);
    }
    if (manifest.addressSetting !== undefined) expect(data.shop.settings).toHaveProperty(manifest.addressSetting);
  });

  it('has either consent or an issued token, prices with both their calls, and hooks that can be removed', () => {
    expect([connector.authorisation, connector.issueToken].filter((one) => one !== undefined)).toHaveLength(1);
    const has = (...parts: readonly unknown[]) => parts.map((part) => part !== undefined);
    expect(new Set(has(manifest.prices, connector.pushPrices, connector.readPrices)).size).toBe(1);
    expect(new Set(has(connector.registerHook, connector.removeHook)).size).toBe(1);
  });

  it('has a key for a listing that has the ids it requires, and a currency that the hub knows', () => {
    const ids = Object.fromEntries(manifest.channelIds.required.map((name, index) => [name, String(index + 1)]));
    expect(connector.listingKey(ids)).not.toBe('');
    expect(currencyDigits(data.shop.currency)).toBeDefined();
  });
});
