import { CallLog } from './calls';
import { SimulatedClock } from './clock';
import type { Dialect } from './dialect';
import { FaultBoard } from './faults';
import { lazada } from './lazada';
import { Market } from './market';
import { Pushes } from './pushes';
import { Readings } from './readings';
import type { Channel } from './shop';
import { shopee } from './shopee';
import { QuirkBoard } from './shopee/quirks';
import { Trade } from './trade';
import { webstore } from './webstore';
import { zalora } from './zalora';

/** What a channel's own code is handed. */
export interface Ground {
  market: Market;
  trade: Trade;
  faults: FaultBoard;
  readings: Readings;
  /** Misbehaviour that only Shopee has. */
  quirks: QuirkBoard;
  /** Given-up and other pushes; there from the first call on. */
  pushes: () => Pushes;
}

export interface World extends Ground {
  clock: SimulatedClock;
  calls: CallLog;
  dialects: Record<Channel, Dialect>;
}

/** Puts the pretend marketplaces together; empty at first. */
export function createWorld(clockFactor = 1): World {
  const clock = new SimulatedClock(clockFactor);
  const faults = new FaultBoard();
  const market = new Market();
  const trade = new Trade(market, clock, (change) => void pushes.tell(change));
  const readings = new Readings();
  const quirks = new QuirkBoard();
  const ground: Ground = { market, trade, faults, readings, quirks, pushes: () => pushes };
  const dialects = {
    lazada: lazada(ground),
    shopee: shopee(ground),
    zalora: zalora(ground),
    webstore: webstore(ground),
  };
  const pushes = new Pushes(dialects, faults, { clock, readings });
  return { ...ground, clock, calls: new CallLog(), dialects };
}

/** Forgets everything: as after a restart. */
export function emptyWorld(world: World): void {
  world.pushes().clear();
  world.clock.clear();
  world.faults.clear();
  world.calls.clear();
  world.market.clear();
  world.readings.reset();
  world.quirks.reset();
}
