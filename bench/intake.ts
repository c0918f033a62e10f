import { insertRate } from './ceilings';
import { limitFigure, medianOf, medianSpread, rateFigure, sumOf, type Found } from './figures';
import type { Pushed, Pushing } from './load';
import { deliveryKeyOf, pushOf } from './pushes';
import { onStack, type Stack } from './stack';

const WORLD = { sellers: 1, shopsPerSeller: 1, skusPerSeller: 1, units: 0 };
const ROUNDS = 5;
const WARM_MS = 2500;
const KEEPING_MS = 3000;
const FORGETTING_MS = 2000;
const INSERTING_MS = 1500;
const BAR = 0.35;
const OFFERED_PER_S = 1000;
const OFFERED_MS = 10_000;
const P95_MS = 25;
const P99_MS = 100;

/** `intake.accepts`: durable accepts beside the same server keeping nothing, and beside the engine's own inserts. */
export function benchAccepts(): Promise<readonly Found[]> {
  return onStack({ name: 'accepts', roles: 'api', world: WORLD }, async (stack) => {
    const kept: Pushed[] = [await flood(stack, 'warm', { keeps: true, forMs: WARM_MS })];
    await flood(stack, 'warm-not', { keeps: false, forMs: WARM_MS / 2 });
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const keeping = await flood(stack, `kept-${round}`, { keeps: true, forMs: KEEPING_MS });
      const forgetting = await flood(stack, `not-${round}`, { keeps: false, forMs: FORGETTING_MS });
      const inserts = await insertRate(stack.db, 'deliveries', INSERTING_MS);
      rounds.push({ keeping, forgetting, inserts });
      kept.push(keeping);
    }
    const names = ['warm', ...rounds.map((_, round) => `kept-${round}`)];
    const found = await countFound(stack, names, kept);
    const rate = medianOf(rounds.map(({ keeping }) => rateOf(keeping)));
    const spread = medianSpread(rounds.map(({ keeping }) => keeping.spread));
    const forgetful = medianOf(rounds.map(({ forgetting }) => rateOf(forgetting)));
    const inserts = medianOf(rounds.map((round) => round.inserts));
    return [
      {
        figure: rateFigure(
          'intake.accepts',
          { value: rate, spread },
          { name: '(a) keeps nothing', value: forgetful, bar: BAR },
        ),
        notes: [
          `p50, p95 and p99 in ms, at 64 connections; median of ${ROUNDS} rounds, interleaved with both ceilings`,
          `all ${found} accepted deliveries were found afterwards`,
        ],
      },
      {
        figure: rateFigure(
          'intake.accepts.engine',
          { value: rate },
          { name: '(b) insertMany of 100', value: inserts, bar: null },
        ),
        notes: [],
      },
    ];
  });
}

/** `intake.offered`: latency at 1,000 pushes a second, whatever the server does. */
export function benchOffered(): Promise<readonly Found[]> {
  return onStack({ name: 'offered', roles: 'api', world: WORLD }, async (stack) => {
    await flood(stack, 'warm', { keeps: true, forMs: WARM_MS });
    await offer(stack, 'warm-offered', { keeps: true, forMs: WARM_MS });
    const rounds = [];
    for (let round = 0; round < 3; round += 1) {
      const keeping = await offer(stack, `offered-${round}`, { keeps: true, forMs: OFFERED_MS / 2 });
      const forgetting = await offer(stack, `not-${round}`, { keeps: false, forMs: OFFERED_MS / 4 });
      rounds.push({ keeping, forgetting });
    }
    const spread = medianSpread(rounds.map(({ keeping }) => keeping.spread));
    const ceiling = medianOf(rounds.map(({ forgetting }) => forgetting.spread.p95));
    const refused = sumOf(
      rounds.map(({ keeping }) => Object.values(keeping.refused).reduce((sum, one) => sum + one, 0)),
    );
    const ok = spread.p95 < P95_MS && spread.p99 < P99_MS && refused === 0;
    const limit = { bar: P95_MS, ok, against: { name: 'p95 of one that keeps nothing', value: ceiling } };
    return [
      {
        figure: limitFigure('intake.offered', { value: spread.p95, unit: 'ms p95', spread }, limit),
        notes: [
          `${OFFERED_PER_S}/s offered, latency from when a push was meant to leave; p99 must stay under ${P99_MS} ms; ${refused} refused`,
        ],
      },
    ];
  });
}

interface Round {
  readonly keeps: boolean;
  readonly forMs: number;
}

async function flood(stack: Stack, round: string, { keeps, forMs }: Round): Promise<Pushed> {
  await stack.hub.ask('keeping', { isOn: keeps });
  const pushed = await stack.load.ask('flood', { ...pushing(stack, round), connections: 64, forMs });
  refuseRefusals(pushed);
  return pushed;
}

async function offer(stack: Stack, round: string, { keeps, forMs }: Round): Promise<Pushed> {
  await stack.hub.ask('keeping', { isOn: keeps });
  return stack.load.ask('offer', { ...pushing(stack, round), connections: 256, perSecond: OFFERED_PER_S, forMs });
}

function pushing({ world }: Stack, round: string): Omit<Pushing, 'connections'> {
  return { app: world.app, shop: world.shops[0]?.channelShopId ?? '', round };
}

const rateOf = ({ accepted, tookMs }: Pushed): number => (accepted * 1000) / tookMs;

function refuseRefusals({ refused }: Pushed): void {
  if (Object.keys(refused).length > 0) throw new Error(`pushes were refused: ${JSON.stringify(refused)}`);
}

/** @throws when a delivery that was answered with a yes is not in the store. */
async function countFound(stack: Stack, names: readonly string[], rounds: readonly Pushed[]): Promise<number> {
  const docs = stack.db.collection<{ _id: string }>('deliveries').find({}, { projection: { _id: 1 } });
  const stored = new Set<string>();
  for await (const { _id: id } of docs) stored.add(id.slice(id.indexOf('|') + 1).replaceAll('%7C', '|'));
  const accepted = rounds.flatMap(({ kept }, index) =>
    kept.map((number) => deliveryKeyOf(pushOf(pushing(stack, names[index] ?? ''), number))),
  );
  const lost = accepted.filter((key) => !stored.has(key));
  if (lost.length > 0) throw new Error(`${lost.length} of ${accepted.length} accepted deliveries are not in the store`);
  return accepted.length;
}
