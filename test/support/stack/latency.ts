import { until } from '../until';
import { othersOf, type Channel } from './channels';
import type { ChannelCall, Market, Placed, Push } from './market';

/** An order of one sku that nobody else sold meanwhile. */
export interface Sale {
  readonly order: Placed;
  readonly sku: string;
}

/** How long after the push arrived each of the other shops but `without` was written, by the marketplaces' own notes. */
export async function delaysOf(
  market: Market,
  sales: readonly Sale[],
  { after, without = [] }: { readonly after: number; readonly without?: readonly Channel[] },
): Promise<readonly number[]> {
  const arrivals = await arrivalsOf(market, sales);
  let delays: readonly number[] = [];
  await until(
    'every other shop is written',
    async () => {
      const calls = await market.calls(after);
      const found = sales.map(({ order, sku }) =>
        lastWrite(
          calls,
          othersOf(order.channel).filter((channel) => !without.includes(channel)),
          sku,
        ),
      );
      if (found.includes(undefined)) return false;
      delays = found.map((at, index) => (at ?? 0) - (arrivals[index] ?? 0));
      return true;
    },
    20_000,
  );
  return delays;
}

async function arrivalsOf(market: Market, sales: readonly Sale[]): Promise<readonly number[]> {
  return Promise.all(
    sales.map(({ order }) =>
      until(`the push of ${order.orderId} is delivered`, async () => {
        const pushes = await market.pushes(`channel=${order.channel}&orderId=${encodeURIComponent(order.orderId)}`);
        return pushes.every(({ state }) => state === 'delivered') && pushes.length > 0 && firstArrival(pushes);
      }),
    ),
  );
}

const firstArrival = (pushes: readonly Push[]): number =>
  Math.min(...pushes.flatMap(({ attempts }) => attempts.map(({ at }) => Date.parse(at))));

/** When the last of these channels had taken its first number for the sku; undefined while one has none. */
function lastWrite(calls: readonly ChannelCall[], channels: readonly Channel[], sku: string): number | undefined {
  const instants = channels.map((channel) => {
    const call = calls.find(
      (each) => each.channel === channel && each.writes?.some((write) => write.sku === sku && !write.refused),
    );
    return call?.answeredAt == null ? undefined : Date.parse(call.answeredAt);
  });
  return instants.includes(undefined) ? undefined : Math.max(...instants.map((instant) => instant ?? 0));
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}
