import type { SellerId } from '../../src/domain';
import { HandClock } from '../support/rooms/hand-clock';
import { makePlace, openRooms, type Rooms } from '../support/rooms/open-rooms';
import { TestChannel } from '../support/rooms/test-channel';
import { playScenario, SCENARIOS, type OpenWorld } from '../support/vectors';
import { StoreWorld } from '../support/vectors/store-world';

const channel = new TestChannel('pretend');
channel.adjusts = true;
const clock = new HandClock();
const played: string[] = [];
const stops: (() => Promise<void>)[] = [];
let rooms: Rooms;

beforeAll(async () => {
  const place = await makePlace();
  stops.unshift(place.remove);
  rooms = await openRooms({ place, clock, connectors: [channel.connector()] });
  stops.unshift(rooms.close);
});

afterAll(async () => {
  for (const stop of stops) await stop();
});

const openStoreWorld: OpenWorld = async (stage) => {
  const world = new StoreWorld(stage, { rooms, clock, channel, seller: `seller-${stage.name}` as SellerId });
  await world.setUp();
  return world;
};

describe('the worked examples, through the rooms and their store', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    await playScenario(scenario, openStoreWorld);
    played.push(name);
  });

  it('are 36', () => {
    console.info(`played through the store: ${played.length} scenarios`);
    expect([played.length, SCENARIOS.length]).toEqual([36, 36]);
  });
});
