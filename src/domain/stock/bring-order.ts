import { draw } from './draw';
import { giveBack } from './give-back';
import type { ShopId } from '../ids';
import { freeOf, sumUnits, type Holding, type Part, type Position } from './position';
import type { Want } from './stock-request';

export const NOTHING_HELD: Holding = { drew: [], shipped: 0, restocked: 0 };

/** An order brought to its state on one sku. */
export interface Brought {
  readonly position: Position;
  readonly holding: Holding;
  readonly broke: readonly Part[];
  /** Units that this step took and that were not there. */
  readonly short: number;
}

const shortageOf = (position: Position): number => Math.max(0, -freeOf(position));

function redraw(position: Position, holding: Holding, wish: { shop: ShopId; held: number }) {
  const more = wish.held - sumUnits(holding.drew);
  if (more < 0) return { ...giveBack(position, holding.drew, -more), broke: [] };
  if (more === 0) return { position, parts: holding.drew, broke: [] };
  const drawn = draw(position, wish.shop, more);
  return { position: drawn.position, parts: joined(holding.drew, drawn.parts), broke: drawn.broke };
}

/** Two parts of one source side by side are one part. */
function joined(before: readonly Part[], after: readonly Part[]): readonly Part[] {
  const last = before.at(-1);
  const next = after[0];
  if (last === undefined || next === undefined) return [...before, ...after];
  if (last.from !== next.from || last.quota !== next.quota) return [...before, ...after];
  return [...before.slice(0, -1), { ...last, units: last.units + next.units }, ...after.slice(1)];
}

/**
 * Brings what an order holds of one sku to what it should hold: more is drawn, less is given back, what shipped left
 * on hand and committed, what came back fit to sell is on hand again. The difference to zero is a change like another.
 */
export function bringOrder(position: Position, holding: Holding, wish: { shop: ShopId; want: Want }): Brought {
  const { shop, want } = wish;
  const drawn = redraw(position, holding, { shop, held: want.held });
  const left = want.shipped - holding.shipped;
  const back = want.restocked - holding.restocked;
  const after: Position = {
    ...drawn.position,
    committed: drawn.position.committed - left,
    onHand: drawn.position.onHand - left + back,
  };
  return {
    position: after,
    holding: { drew: drawn.parts, shipped: want.shipped, restocked: want.restocked },
    broke: drawn.broke,
    short: Math.max(0, shortageOf(drawn.position) - shortageOf(position)),
  };
}
