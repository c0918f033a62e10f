import { until } from '../support/until';
import type { Room } from './room';
import { conform } from './suite';

const buy = (room: Room) => room.place([{ sku: room.listings[0]!.sku, units: 1 }]);

conform(
  {
    name: 'hooks by API',
    of: ({ connector }) => connector.registerHook,
    without: "the address is entered in the channel's console",
  },
  ({ connector }, room) => {
    it('registers an address once, however often it is asked to, and removes it as often', async () => {
      const elsewhere = `${room().hookUrl}/again`;
      for (let times = 0; times < 2; times += 1) await connector.registerHook!(room().call(), elsewhere);
      await buy(room());
      const heard = await room().hears(1);
      expect(heard).toHaveLength(1);
      for (let times = 0; times < 2; times += 1) await connector.removeHook!(room().call(), elsewhere);
      const states = async () => (await room().steer('GET', '/pushes'))['items'] as { url: string }[];
      const before = (await states()).filter(({ url }) => url === elsewhere).length;
      await buy(room());
      expect((await states()).filter(({ url }) => url === elsewhere)).toHaveLength(before);
    });
  },
);

conform(
  {
    name: 'lost pushes',
    of: ({ connector }) => connector.takeLostPushes,
    without: 'the channel does not keep what it could not deliver',
  },
  ({ connector }, room) => {
    const take = connector.takeLostPushes!;

    it('are kept before they are confirmed, and not given again', async () => {
      room().answer = 500;
      await room().steer('PUT', '/clock', { factor: 1_000_000 });
      const order = await buy(room());
      await until('the channel gives up', async () => {
        const { counts } = (await room().steer('GET', '/pushes?limit=0')) as { counts: Record<string, number> };
        return (counts['given-up'] ?? 0) > 0;
      });
      const fails = take(room().appCall(), () => Promise.reject(new Error('the store is away')));
      await expect(fails).rejects.toThrow('the store is away');
      const kept: Buffer[] = [];
      const keep = async (pushes: readonly Buffer[]): Promise<void> => void kept.push(...pushes);
      expect(await take(room().appCall(), keep)).toMatchObject({ count: 1, more: false });
      expect(kept.map((bytes) => connector.hint(bytes))).toMatchObject([{ kind: 'order', externalId: order }]);
      expect(await take(room().appCall(), keep)).toMatchObject({ count: 0, more: false });
      expect(kept).toHaveLength(1);
    });
  },
);
