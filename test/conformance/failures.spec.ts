import { ChannelError, type ChannelFailure } from '../../connectors/kit';
import { scriptedCall } from '../../connectors/kit/scripted-call';
import { answerOf } from './recorded';
import { always, conform } from './suite';

const failureOf = (call: Promise<unknown>): Promise<ChannelFailure | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ChannelError) return error.failure;
      throw error;
    },
  );

conform(always('failures'), ({ code, connector, data }, room) => {
  const read = () => connector.readOrders(room().call(), [data.unknown.orderId]);
  const write = (sellable: number) =>
    connector.pushStock(room().call(), [{ ...room().listings[0]!, sellable, openUnits: 0 }]);
  const fault = (faults: object) => room().steerChannel('PUT', '/faults', faults);
  afterEach(() => room().steerChannel('DELETE', '/faults'));

  it('names every kind in its recordings', () => {
    const kinds = new Set(data.failures.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['throttled', 'unavailable', 'unauthorized', 'malformed', 'refused']));
  });

  it.each(data.failures.map((failure) => [failure.kind, failure] as const))(
    'reads a recorded %s',
    async (kind, failure) => {
      const { call } = scriptedCall(data.shop, () => answerOf(code, failure));
      expect(await failureOf(connector.readOrders(call, [data.order.externalId]))).toMatchObject({ kind });
    },
  );

  it('is throttled over HTTP, and nothing is done then', async () => {
    await fault({ throttlePerS: 0 });
    expect(await failureOf(read())).toMatchObject({ kind: 'throttled' });
    expect(await failureOf(write(1))).toMatchObject({ kind: 'throttled' });
    expect((await room().shown(room().listings[0]!.sku)).quantity).not.toBe(1);
  });

  it.each([
    ['HTTP 5xx', { errorRate: 1, errorKind: 'http' }],
    ["the channel's busy answer", { errorRate: 1, errorKind: 'busy' }],
    ['maintenance', { maintenance: true }],
    ['cut connections', { down: true }],
  ])('is unavailable at %s', async (_name, faults) => {
    await fault(faults);
    const { kind } = (await failureOf(read())) ?? {};
    // Shopee says `error_busy` of both: too many calls, and maintenance.
    expect(['unavailable', ...('maintenance' in faults ? ['throttled'] : [])]).toContain(kind);
  });

  it('leaves open whether a write was done whose answer was lost', async () => {
    await fault({ unansweredRate: 1 });
    expect(await failureOf(write(7))).toMatchObject({ kind: 'unavailable', unanswered: true });
    expect((await room().shown(room().listings[0]!.sku)).quantity).toBe(7);
  });

  it('calls a signature that the channel does not accept unauthorized', async () => {
    await fault({ signErrorRate: 1 });
    expect(await failureOf(read())).toEqual({ kind: 'unauthorized' });
    expect(await failureOf(write(1))).toEqual({ kind: 'unauthorized' });
  });

  it('calls a wrong secret or token unauthorized, and says neither', async () => {
    const wrong = room().call({ appSecret: 'wrong-secret', accessToken: 'wrong-token' });
    const error: unknown = await connector.readStock(wrong, [room().listings[0]!]).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ChannelError);
    expect((error as ChannelError).failure).toEqual({ kind: 'unauthorized' });
    expect((error as ChannelError).message).not.toMatch(/wrong-(secret|token)/);
  });
});
