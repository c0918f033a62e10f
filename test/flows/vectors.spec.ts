import { CHANNELS as CONNECTORS } from '../../connectors';
import { startHub, stopHub } from '../../src/main';
import { StockDoor } from '../../src/platform/doors';
import { createLog } from '../../src/platform/logger';
import { Flows } from '../support/stack/flows';
import { HttpWorld } from '../support/stack/http-world';
import { testSettings } from '../support/test-hub';
import { OPEN_SCENARIOS, playScenario, type Scenario, type VectorEvent } from '../support/vectors';

const SHARE = 3;

/** What no marketplace can be made to do, or this world cannot see. */
const isPlayable = ({ acks, events, shops = [] }: Scenario): boolean =>
  acks === undefined &&
  shops.length <= 3 &&
  !events.some((event) => event.do === 'uncancel' || isTooLate(event, events));

/** Marketplaces cancel nothing that was shipped. */
const isTooLate = (event: VectorEvent, events: readonly VectorEvent[]): boolean =>
  event.do === 'cancel' && events.some((each) => each.do === 'ship' && each.id === event.id);

const PLAYED = OPEN_SCENARIOS.filter(isPlayable).filter((_, index) => index % 5 < 2);

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

  it.each(PLAYED.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    await playScenario(scenario, (stage) => HttpWorld.open(stage, { flows, ledger }));
  });

  it('are a third of them', () => {
    expect(PLAYED.length).toBeGreaterThanOrEqual(Math.floor(OPEN_SCENARIOS.length / SHARE));
  });
});
