import { CallLog } from './calls';
import { SimulatedClock } from './clock';
import type { Dialect } from './dialect';
import { FaultBoard } from './faults';
import { lazada } from './lazada';
import { Market } from './market';
import { Promotions, type PromotionNews } from './promotions';
import { Pushes } from './pushes';
import { Readings } from './readings';
import type { Channel, Promotion } from './shop';
import { shopee } from './shopee';
import { QuirkBoard } from './shopee/quirks';
import { Trade } from './trade';
import { webstore } from './webstore';
import { zalora } from './zalora';

/** What a channel's own code is handed. */
export interface Ground {
  clock: SimulatedClock;
  market: Market;
  trade: Trade;
  faults: FaultBoard;
  readings: Readings;
  promotions: Promotions;
  /** Misbehaviour that only Shopee has. */
  quirks: QuirkBoard;
  /** Given-up and other pushes; there from the first call on. */
  pushes: () => Pushes;
}

export interface World extends Ground {
  calls: CallLog;
  dialects: Record<Channel, Dialect>;
}

/** Puts the pretend marketplaces together; empty at first. */
export function createWorld(clockFactor = 1): World {
  const clock = new SimulatedClock(clockFactor);
  const faults = new FaultBoard();
  const market = new Market(() => clock.factor);
  const trade = new Trade(market, clock, (change) => void pushes.tell(change));
  const readings = new Readings();
  const quirks = new QuirkBoard();
  const promotions = new Promotions((promotion, what) => tellPromotion(promotion, what));
  const ground: Ground = { clock, market, trade, faults, readings, promotions, quirks, pushes: () => pushes };
  const dialects = {
    lazada: lazada(ground),
    shopee: shopee(ground),
    zalora: zalora(ground),
    webstore: webstore(ground),
  };
  const pushes = new Pushes(dialects, faults, { clock, readings });
  const tellPromotion = (promotion: Promotion, what: PromotionNews): void => {
    const { shop } = promotion.listing;
    const channel: Dialect = dialects[shop.channel];
    for (const draft of channel.promotionNews?.(promotion, what) ?? []) pushes.send(shop, draft);
  };
  return { ...ground, calls: new CallLog(), dialects };
}

/** Forgets everything: as after a restart. */
export function emptyWorld(world: World): void {
  world.pushes().clear();
  world.clock.clear();
  world.faults.clear();
  world.calls.clear();
  world.promotions.clear();
  world.market.clear();
  world.readings.reset();
  world.quirks.reset();
}
