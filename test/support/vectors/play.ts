import { ONE_SKU, stageOf, type Expectations, type Scenario } from './scenario';
import type { OpenWorld, StockWorld } from './stock-world';

type Snapshot = Readonly<Record<'published' | 'stock' | 'quotas', unknown>>;

const lookAt = async (world: StockWorld): Promise<Snapshot> => ({
  published: await world.published(),
  stock: await world.stock(),
  quotas: await world.quotas(),
});

/** Only the keys that are expected; of one sku without its name. */
function stockAsExpected(expected: NonNullable<Expectations['stock']>, stock: Record<string, object>): unknown {
  const isOfOne = Object.values(expected).some((value) => typeof value === 'number');
  const pick = (keys: object, from: object | undefined): object =>
    Object.fromEntries(Object.keys(keys).map((key) => [key, (from as Record<string, unknown> | undefined)?.[key]]));
  if (isOfOne) return pick(expected, stock[ONE_SKU]);
  return Object.fromEntries(Object.entries(expected).map(([sku, keys]) => [sku, pick(keys as object, stock[sku])]));
}

async function expectTraffic(world: StockWorld, expected: Expectations, label: string): Promise<void> {
  const { sends, waits, shown } = await world.traffic();
  const told = expected.sends ?? {};
  const beyond = Object.entries(sends).filter(([listing, units]) => !(listing in told) && shown[listing] !== units);
  const asked = Object.fromEntries(Object.keys(told).map((listing) => [listing, sends[listing]]));
  expect({ label, sends: asked, beyond }).toEqual({ label, sends: told, beyond: [] });
  if (expected.waits !== undefined) expect({ label, waits: [...waits].sort() }).toEqual({ label, waits: expected.waits });
}

async function expectAll(world: StockWorld, expected: Expectations, label: string): Promise<void> {
  const { publishes, stock, quotas, exposed } = expected;
  if (publishes !== undefined) {
    expect({ label, publishes: await world.published() }).toEqual({ label, publishes });
  }
  if (stock !== undefined) {
    expect({ label, stock: stockAsExpected(stock, await world.stock()) }).toEqual({ label, stock });
  }
  if (quotas !== undefined) expect({ label, quotas: await world.quotas() }).toEqual({ label, quotas });
  if (exposed !== undefined) expect({ label, exposed: await world.exposed() }).toEqual({ label, exposed });
  if (expected.sends !== undefined || expected.waits !== undefined) await expectTraffic(world, expected, label);
}

/** Plays a scenario in a world and expects after each event what the file says. */
export async function playScenario(scenario: Scenario, open: OpenWorld): Promise<void> {
  const world = await open(stageOf(scenario));
  try {
    await expectAll(world, scenario.first ?? {}, `${scenario.name}: before any event`);
    for (const [at, event] of scenario.events.entries()) {
      const label = `${scenario.name}: event ${at + 1} (${event.do})`;
      const before = event.refused === true ? await lookAt(world) : undefined;
      const { refused, problems } = await world.apply(event);
      expect({ label, refused }).toEqual({ label, refused: event.refused === true });
      if (before !== undefined) expect({ label, ...(await lookAt(world)) }).toEqual({ label, ...before });
      if (event.problem !== undefined) expect({ label, problems }).toEqual({ label, problems: [event.problem] });
      else if (event.do === 'order') expect({ label, problems }).toEqual({ label, problems: [] });
      await expectAll(world, event, label);
    }
  } finally {
    await world.close();
  }
}
