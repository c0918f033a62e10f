import {
  EMPTY_POSITION,
  explainNumber,
  explainStock,
  freeOf,
  sharedOf,
  tellMove,
  type Move,
  type Position,
  type Taken,
  type WhoTook,
} from '../domain';
import { instantText } from './money-border';
import { present } from './present';
import { showMove } from './show-stock';
import type { NumbersView } from './stock.schema';
import type { ListingWhyView, ShortWhyView, TakenView, WhyView } from './why.schema';
import type { OutletShare, Reasons } from './why.service';

/** The reasons of a sku's numbers as data and in sentences. */
export function showWhy(sku: string, reasons: Reasons): WhyView {
  const { at, position = EMPTY_POSITION, moves, shares, notKept } = reasons;
  const stock = explainStock(sku, position);
  const listings = shares.map((share) => listingWhy(share, reasons));
  const [newest] = moves;
  const last = newest === undefined ? [] : [`The last move, ${instantText(newest.at)}: ${tellMove(newest)}`];
  const steps = [...stock, ...listings.flatMap((listing) => listing.steps)];
  return {
    ...{ sku, at: instantText(at), counted: position.counted, numbers: numbersOf(position) },
    exposure: position.exposure.policy,
    quotas: position.quotas.map(({ campaign, shop, mode, quantity, remaining }) => ({
      ...{ campaign, shop, mode, quantity, remaining },
    })),
    listings,
    moves: moves.map((move) => Object.assign(showMove(move), { sentence: tellMove(move) })),
    sentences: [...last, ...steps.map(({ sentence }) => sentence)],
    notKept,
  };
}

function numbersOf(position: Position): NumbersView {
  const { onHand, committed, safetyBuffer } = position;
  return { onHand, committed, free: freeOf(position), shared: sharedOf(position), safetyBuffer };
}

function listingWhy({ outlet, share }: OutletShare, { positions }: Reasons): ListingWhyView {
  const { shop, listing, rules } = outlet;
  const { units = null, open } = share;
  return {
    ...{ shop, listing, number: units, open },
    rules: { ...rules },
    steps: explainNumber(outlet, share, positions),
  };
}

/** A sku that an order found too little of. */
export interface Shortage {
  readonly sku: string;
  /** The order's move that found too few. */
  readonly move: Move;
  readonly story: WhoTook;
}

const MOST_TAKEN = 50;

/** Who took the units that an order did not find. */
export function showShortage({ sku, move, story }: Shortage): ShortWhyView {
  const { since, free, taken } = story;
  const short = move.short ?? 0;
  const start = since.kind === 'count' ? tellMove(since) : 'This is the oldest move that is looked at.';
  return {
    ...{ sku, short, at: instantText(move.at), since: instantText(since.at), free },
    taken: taken.slice(0, MOST_TAKEN).map(takenView),
    sentences: [
      `At ${instantText(move.at)} the order found ${short} of ${sku} too few.`,
      `At ${instantText(since.at)} ${free} were free. ${start}`,
      ...taken.slice(0, MOST_TAKEN).map(tellTaken),
      ...(taken.length > MOST_TAKEN ? [`${taken.length - MOST_TAKEN} others took less.`] : []),
    ],
  };
}

function takenView({ kind, units, at, order, shop, by, reason }: Taken): TakenView {
  return { kind, units, at: instantText(at), ...present({ order, shop, by, reason }) };
}

function tellTaken({ kind, units, at, order, shop, by = 'somebody', reason }: Taken): string {
  const who = order === undefined ? `${by} (${reason ?? kind})` : `Order ${order} of shop ${shop ?? '?'}`;
  return `${who} ${units > 0 ? `took ${units}` : `brought ${-units}`}, ${instantText(at)}.`;
}
