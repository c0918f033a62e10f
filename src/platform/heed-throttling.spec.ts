import { ChannelError, type ChannelHttp, type Connector } from '../../connectors/kit';
import { NoTurn } from './budget';
import { heedThrottling, whenThrottled } from './heed-throttling';

const throttled = new ChannelError({ kind: 'throttled', afterMs: 5000, scope: 'app' }, 'slow down');

/** A connector whose calls fail with this. */
function failing(error: Error) {
  const fail: ChannelHttp = () => Promise.reject(error);
  const heard: unknown[] = [];
  const http = whenThrottled(fail, (failure) => Promise.resolve(void heard.push(failure)));
  const made = { manifest: { code: 'x' }, readOrders: fail, hint: () => 'a hint', authorisation: { refresh: fail } };
  return { connector: heedThrottling(made as unknown as Connector), call: { http } as never, heard };
}

describe('heedThrottling', () => {
  it('hears of a throttling answer that only the connector can read, and hands the error on', async () => {
    const { connector, call, heard } = failing(throttled);
    await expect(connector.readOrders(call, [])).rejects.toBe(throttled);
    expect(heard).toEqual([{ kind: 'throttled', afterMs: 5000, scope: 'app' }]);
  });

  it('hears of one to the calls of an app too', async () => {
    const { connector, call, heard } = failing(throttled);
    await expect(connector.authorisation?.refresh(call, undefined as never)).rejects.toBe(throttled);
    expect(heard).toHaveLength(1);
  });

  it.each([
    ['a refusal', new ChannelError({ kind: 'refused', reason: 'no' }, 'no')],
    ['our own budget', new NoTurn({ ms: 9000, isBlocked: false })],
    ['a fault', new Error('oops')],
  ])('does not take %s for a throttling answer', async (_name, error) => {
    const { connector, call, heard } = failing(error);
    await expect(connector.readOrders(call, [])).rejects.toBe(error);
    expect(heard).toEqual([]);
  });

  it('leaves pure functions and the manifest as they are', () => {
    const { connector } = failing(throttled);
    expect(connector.hint(Buffer.from(''))).toBe('a hint');
    expect(connector.manifest).toEqual({ code: 'x' });
  });

  it('survives a call that names no wire', async () => {
    const { connector } = failing(throttled);
    await expect(connector.readOrders(undefined as never, [])).rejects.toBe(throttled);
  });
});
