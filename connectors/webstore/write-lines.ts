import { z } from 'zod';
import type { ListingId } from '../../src/domain';
import type { CallContext, ChannelIds, StockResult } from '../kit';
import { manifest } from './manifest';
import { ask } from './wire';

interface Line {
  readonly listing: ListingId;
  readonly channelIds: ChannelIds;
}

/** One write of many lines. `extra` is what the body has besides them. */
export interface LinesWrite<Write extends Line> {
  readonly method: 'PUT' | 'POST';
  readonly path: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly fields: (write: Write) => Readonly<Record<string, unknown>>;
}

type Reading = Extract<StockResult, { kind: 'refused' }>['reading'];

/** PROTOCOL 3.4: the codes with a meaning of their own; any other is a fault of the listing. */
const READINGS: ReadonlyMap<string, Reading> = new Map([
  ['busy', 'retry'],
  ['floor', 'floor'],
]);

const answerSchema = z.object({
  results: z
    .array(
      z.object({
        sku: z.string(),
        done: z.boolean(),
        code: z.string().max(64).catch('refused'),
        message: z.string().catch(''),
      }),
    )
    .max(1000),
});

const refuse = (write: Line, code: string, said: { message: string; reading: Reading }): StockResult => ({
  listing: write.listing,
  kind: 'refused',
  code,
  message: said.message.slice(0, 300),
  reading: said.reading,
});

function sortOut<Write extends Line>(
  writes: readonly Write[],
): { readonly sent: ReadonlyMap<string, Write>; readonly answered: readonly StockResult[] } {
  const sent = new Map<string, Write>();
  const answered: StockResult[] = [];
  for (const write of writes) {
    const sku = write.channelIds.sku ?? '';
    if (sku === '') answered.push(refuse(write, 'bad-id', { message: 'the listing has no sku', reading: 'listing' }));
    else if (sent.has(sku) || sent.size >= manifest.stockBatch.most) {
      answered.push(refuse(write, 'not-sent', { message: 'one call takes each sku once', reading: 'retry' }));
    } else sent.set(sku, write);
  }
  return { sent, answered };
}

/**
 * Writes at most 100 lines in one call and reads the shop's word on each. A line that the answer does not name is
 * `retry`: only what the shop says is done is done.
 * @throws ChannelError when the call failed as a whole
 */
export async function writeLines<Write extends Line>(
  call: CallContext,
  writes: readonly Write[],
  { method, path, extra, fields }: LinesWrite<Write>,
): Promise<readonly StockResult[]> {
  const { sent, answered } = sortOut(writes);
  if (sent.size === 0) return answered;
  const body = { ...extra, lines: [...sent].map(([sku, write]) => ({ sku, ...fields(write) })) };
  const { results } = await ask(call, { method, path, body, effect: 'write' }, answerSchema);
  const bySku = new Map(results.map((result) => [result.sku, result]));
  const read = [...sent].map(([sku, write]): StockResult => {
    const result = bySku.get(sku);
    if (result === undefined) {
      return refuse(write, 'unanswered', { message: 'the answer does not name this sku', reading: 'retry' });
    }
    if (result.done) return { listing: write.listing, kind: 'done' };
    const { code, message } = result;
    return refuse(write, code, { message, reading: READINGS.get(code) ?? 'listing' });
  });
  return [...answered, ...read];
}
