import { json, type Call, type LoggedWrite, type Reply } from '../http/call';
import { shown, type Listing, type Shop } from '../shop';
import type { Ground } from '../world';
import { countWrite } from '../writes';
import { linesOf, refuse, textsOf, type Fields, type ShopCall } from './door';

const MOST_READ = 100;

/** The shop's word on one line. */
export interface LineResult {
  sku: string;
  done: boolean;
  code?: string;
  message?: string;
}

const refused = (sku: string, code: string, message: string): LineResult => ({ sku, done: false, code, message });
export const unknown = (sku: string): LineResult => refused(sku, 'unknown', 'The shop sells no such sku.');

/** `GET /stock?skus=[…]`. */
export function readStock({ call, shop }: ShopCall): Reply {
  const listings = textsOf(call, 'skus', MOST_READ).flatMap((sku) => shop.listings.get(sku) ?? []);
  return json(200, { items: listings.map((listing) => ({ sku: listing.sku, sellable: shown(listing) })) });
}

/** `PUT /stock {lines:[{sku, sellable}]}`. */
export function writeStock(ground: Ground): (call: ShopCall) => Reply {
  return ({ call, shop, body }) => {
    const results = linesOf(body).map((line) => {
      const sellable = wholeOf(line, 'sellable', 0);
      return writeLine(ground, shop, { line, call, kind: 'sellable', to: () => sellable });
    });
    return json(200, { results });
  };
}

/** What the shop answered to a change's id; the same id again changes nothing. */
const changes = new WeakMap<Shop, Map<string, LineResult[]>>();

/** `POST /stock/changes {id, lines:[{sku, units}]}`. */
export function changeStock(ground: Ground): (call: ShopCall) => Reply {
  return ({ call, shop, body }) => {
    const id = body['id'];
    if (typeof id !== 'string' || id === '') throw refuse(422, 'id', 'A change needs an id.');
    const known = changes.get(shop) ?? new Map<string, LineResult[]>();
    changes.set(shop, known);
    const results =
      known.get(id) ??
      linesOf(body).map((line) => {
        const units = wholeOf(line, 'units', -Number.MAX_SAFE_INTEGER);
        return writeLine(ground, shop, { line, call, kind: 'adjust', to: (listing) => listing.sellable + units });
      });
    known.set(id, results);
    return json(200, { results });
  };
}

interface StockLine {
  line: Fields;
  call: Call;
  kind: LoggedWrite['kind'];
  to: (listing: Listing) => number;
}

function writeLine(ground: Ground, shop: Shop, { line, call, kind, to }: StockLine): LineResult {
  const sku = line['sku'] as string;
  const listing = shop.listings.get(sku);
  if (listing === undefined) return unknown(sku);
  const number = to(listing);
  const reason = reasonAgainst(ground, listing, number);
  const write = { sku, number, kind };
  countWrite(call, listing, reason === undefined ? write : { ...write, refused: reason.code ?? '' });
  if (reason !== undefined) return reason;
  listing.sellable = number;
  return { sku, done: true };
}

/** A shop may keep some units to itself: a number below them is refused, as is one below 0. */
function reasonAgainst(ground: Ground, listing: Listing, number: number): LineResult | undefined {
  const { sku } = listing;
  if (ground.faults.refusesRow('webstore', sku)) {
    return refused(sku, 'busy', 'This line could not be written now.');
  }
  const floor = Math.max(0, listing.locked);
  return number < floor ? refused(sku, 'floor', `The number may not be below ${floor}.`) : undefined;
}

function wholeOf(line: Fields, name: string, least: number): number {
  const value = line[name];
  if (!Number.isSafeInteger(value) || (value as number) < least) {
    throw refuse(422, name, `${name} must be a whole number.`);
  }
  return value as number;
}
