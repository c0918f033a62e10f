import type { IncomingHttpHeaders } from 'node:http';
import type { Listing } from '../shop';

/** One stock or price write as read out of a call, for the log of calls. */
export interface LoggedWrite {
  sku: string;
  number: number;
  kind: 'sellable' | 'adjust' | 'total' | 'stock' | 'price';
  refused?: string;
}

/** What a handler adds to the log of calls about the call it serves. */
export interface CallNote {
  shop?: string;
  code?: string;
  orders?: string[];
  writes?: LoggedWrite[];
}

/**
 * One HTTP request, read whole. `path` is what follows the channel's prefix; `receivedAt` counts as `performance.now()`;
 * `touched` are the listings whose stock it writes.
 */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  raw: Buffer;
  params: Record<string, string>;
  note: CallNote;
  receivedAt: number;
  touched: Listing[];
}

export function emptyCall(): Pick<Call, 'params' | 'note' | 'receivedAt' | 'touched'> {
  return { params: {}, note: {}, receivedAt: performance.now(), touched: [] };
}

/** What goes back. `cut` closes the connection without an answer; `text` goes out as it is, `body` as JSON. */
export interface Reply {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  cut?: boolean;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;

export function json(status: number, body: unknown, headers?: Record<string, string>): Reply {
  return headers === undefined ? { status, body } : { status, body, headers };
}

/** A refusal that a handler throws and that becomes its reply. */
export class Refusal extends Error {
  constructor(readonly reply: Reply) {
    super(`refused with ${reply.status}`);
  }
}

/** A refusal of a steering route, as problem details. */
export function problem(status: number, detail: string, errors?: { path: string; message: string }[]): Refusal {
  const body = { type: 'about:blank', title: detail, status, detail, ...(errors === undefined ? {} : { errors }) };
  return new Refusal(json(status, body, { 'content-type': 'application/problem+json' }));
}

/** The JSON in a body, or undefined when there is none. Throws what `JSON.parse` throws. */
export function parseJson(raw: Buffer): unknown {
  return raw.length === 0 ? undefined : (JSON.parse(raw.toString('utf8')) as unknown);
}
