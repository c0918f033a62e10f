import { CHANNELS as CONNECTORS } from '../../connectors';
import { startHub, stopHub } from '../../src/main';
import { StockDoor } from '../../src/platform/doors';
import { createLog } from '../../src/platform/logger';
import { Flows } from '../support/stack/flows';
import { HttpWorld } from '../support/stack/http-world';
import { testSettings } from '../support/test-hub';
import { OPEN_SCENARIOS, playScenario } from '../support/vectors';

/** A third of those that marketplaces can be made to play: nothing is cancelled that was shipped, or comes back. */
const PLAYED = [
  'allocation of 60 for L out of 100',
  'the same order delivered three times moves stock once',
  'a cancellation after the campaign gives back to the shared pool',
  'reservations for two shops each see the same shared pool',
  'two allocations of one shop add up, the oldest is drawn first',
  'a quota does not take the safety buffer',
  'cap and percent count units, before packs',
  'a sold-out allocation shows nothing while the pool still has stock; a late sale draws the pool',
  'a relative move below zero is refused',
  "a bundle of the quota's own shop draws the quota of its part",
];

describe('the worked examples, over HTTP', () => {
  let flows: Flows;
  let ledger: StockDoor;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    flows = await Flows.join();
    const { mongoUrl, redisUrl, namespace } = flows.places;
    const settings = testSettings({
      MONGO_URL: mongoUrl,
      REDIS_URL: redisUrl,
      HUB_QUEUE_NAMESPACE: namespace,
      HUB_ROLES: 'api',
    });
    const log = createLog('silent');
    const app = await startHub({ settings, connectors: CONNECTORS, log });
    ledger = app.get(StockDoor, { strict: false });
    stop = () => stopHub(app, log);
  });
  afterAll(async () => {
    await stop();
    await flows.leave();
  });

  it.each(PLAYED)('%s', async (name) => {
    const scenario = OPEN_SCENARIOS.find((each) => each.name === name);
    expect(scenario).toBeDefined();
    await playScenario(scenario!, (stage) => HttpWorld.open(stage, { flows, ledger }));
  });

  it('are a third of them', () => {
    expect(PLAYED.length * 3).toBeGreaterThanOrEqual(OPEN_SCENARIOS.length);
  });
});
