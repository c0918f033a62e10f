import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ChannelError } from '../../connectors/kit';
import { HubError } from '../platform/hub-error';
import { SheetFault } from '../platform/sheet';
import { Refusal, type Fault } from './refusal';

/** RFC 9457, with `code` for programs and `errors` for a faulty body. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly Fault[];
  readonly [member: string]: unknown;
}

export interface ProblemAnswer {
  readonly problem: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;
}

const CODES: Readonly<Record<number, readonly [string, string]>> = {
  400: ['bad-request', 'The request cannot be read.'],
  401: ['unauthenticated', 'A valid key is needed.'],
  403: ['forbidden', 'The key may not do this.'],
  404: ['not-found', 'There is no such thing.'],
  405: ['method', 'The method is not for this address.'],
  408: ['timeout', 'The request took too long.'],
  413: ['too-large', 'The body is too large.'],
  414: ['too-long', 'The address is too long.'],
  415: ['media-type', 'Send application/json.'],
  421: ['host', 'This host name is not ours.'],
  429: ['too-many', 'Too many requests.'],
};

const FROM_HUB: Readonly<Record<HubError['code'], number>> = {
  busy: 503,
  store: 503,
  queue: 503,
  conflict: 409,
  unsealable: 500,
  missing: 500,
  fault: 500,
};

/** What a caller is told of an error: never its stack, and nothing of what was not expected. */
export function problemOf(error: unknown): ProblemAnswer {
  if (error instanceof Refusal) {
    const { errors, headers = {}, members } = error.more;
    const rest = { ...(errors && { errors }), ...members };
    return { problem: details(error.status, [error.code, error.message], rest), headers };
  }
  if (error instanceof HubError) return ofHub(error);
  if (error instanceof SheetFault) return { problem: ofSheet(error), headers: {} };
  if (error instanceof ChannelError) return ofChannel(error);
  return { problem: ofBody(error) ?? ofStatus(statusOf(error)), headers: {} };
}

/** True where nothing but a mistake of ours explains the error. */
export const isOurFault = (error: unknown): boolean => problemOf(error).problem.status === 500;

function ofHub(error: HubError): ProblemAnswer {
  const status = FROM_HUB[error.code];
  const detail = status === 500 ? 'The hub failed; the fault is logged.' : error.message;
  const headers: Record<string, string> = status === 503 ? { 'retry-after': '1' } : {};
  return { problem: details(status, [error.code, detail]), headers };
}

function ofChannel({ failure, message }: ChannelError): ProblemAnswer {
  const afterMs = 'afterMs' in failure ? failure.afterMs : undefined;
  const headers: Record<string, string> = afterMs ? { 'retry-after': String(Math.ceil(afterMs / 1000)) } : {};
  const status = failure.kind === 'throttled' || failure.kind === 'unavailable' ? 503 : 502;
  return { problem: details(status, [`channel-${failure.kind}`, `The channel answered: ${message}`]), headers };
}

const ofSheet = ({ kind, message }: SheetFault): ProblemDetails =>
  kind === 'too-large' ? details(413, ['too-large', message]) : details(422, ['unreadable', message]);

/** A body that the server could not read says why, in words without the body. */
function ofBody(error: unknown): ProblemDetails | undefined {
  const isBody = error instanceof Error && 'code' in error && error.code === 'bad-json';
  return isBody ? details(400, ['bad-json', error.message]) : undefined;
}

/** Nest and Fastify put the status into the error itself; anything else is our fault. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const isObject = typeof error === 'object' && error !== null;
  const status = isObject && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

const ofStatus = (status: number): ProblemDetails =>
  details(status, CODES[status] ?? (status < 500 ? ['refused', 'The request is refused.'] : OUR_FAULT));

const OUR_FAULT = ['fault', 'The hub failed; the fault is logged.'] as const;

function details(
  status: number,
  [code, detail]: readonly [string, string],
  more: Readonly<Record<string, unknown>> = {},
): ProblemDetails {
  return { type: `/docs#${code}`, title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
}
