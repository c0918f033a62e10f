import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { HTTP_CODE_METADATA } from '@nestjs/common/constants';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Clock } from '../platform/clock';
import { IdempotencyStore, type Beginning, type IdempotencyRef, type KeptAnswer } from '../store/idempotency.store';
import { Answer } from './answer';
import { principalOf, type KnownRequest } from './principal';
import { problemOf } from './problem-of';
import { conflict, etagOf, faulty, Refusal } from './refusal';
import { SentFile } from './take-file-guard';

/** Marks routes whose answer holds a secret: it is never kept. */
export const HOLDS_SECRET = 'sluice:secret';

const LONGEST_HEADER = 255;
const WAITS_MS = [25, 50, 100, 200, 400, 800];
const DEFAULT_STATUS: Readonly<Record<string, number>> = { POST: 201 };

/** A call that is carried out once. */
interface OnceCall {
  readonly request: KnownRequest;
  readonly holdsSecret: boolean;
  /** Of its answer, where the answer itself says nothing else. */
  readonly status: number;
}

/** Carries out a call with an `Idempotency-Key` once; its repeats get the first answer again. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly store: IdempotencyStore,
    private readonly reflector: Reflector,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const header = request.headers['idempotency-key'];
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (request.principal === undefined || header === undefined || isRead) return next.handle();
    const holdsSecret = this.reflector.get<boolean | undefined>(HOLDS_SECRET, context.getHandler()) === true;
    const declared = this.reflector.get<number | undefined>(HTTP_CODE_METADATA, context.getHandler());
    const status = declared ?? DEFAULT_STATUS[request.method] ?? 200;
    return from(this.once(refOf(request, header), { request, holdsSecret, status, next }));
  }

  private async once(ref: IdempotencyRef, call: OnceCall & { readonly next: CallHandler }): Promise<unknown> {
    const beginning = await this.begin(ref, digestOf(call.request));
    if (beginning.kind === 'answered') return replay(beginning.answer);
    if (beginning.kind === 'other-body') throw otherBody();
    if (beginning.kind === 'in-flight') throw conflict('in-flight', 'The same call is being carried out.');
    try {
      const value: unknown = await lastValueFrom(call.next.handle(), { defaultValue: undefined });
      await this.store.finish(ref, beginning.mark, keptOf(value, call));
      return value;
    } catch (error) {
      await this.settleRefused(ref, beginning.mark, error);
      throw error;
    }
  }

  private async begin(ref: IdempotencyRef, digest: string): Promise<Beginning> {
    for (const waitMs of WAITS_MS) {
      const beginning = await this.store.begin(ref, digest, this.clock.now());
      if (beginning.kind !== 'in-flight') return beginning;
      await delay(waitMs);
    }
    return this.store.begin(ref, digest, this.clock.now());
  }

  /** A refusal by the state of things is the answer of this key; one that the caller can mend is forgotten. */
  private async settleRefused(ref: IdempotencyRef, mark: number, error: unknown): Promise<void> {
    const { problem, headers } = problemOf(error);
    if (problem.status !== 409) return this.store.forget(ref, mark);
    return this.store.finish(ref, mark, { status: 409, headers, body: JSON.stringify(problem) });
  }
}

function refOf(request: KnownRequest, header: string | string[]): IdempotencyRef {
  const text = Array.isArray(header) ? header.join(',') : header;
  if (text.length === 0 || text.length > LONGEST_HEADER) {
    throw faulty([{ path: 'Idempotency-Key', message: `Idempotency-Key must have 1 to ${LONGEST_HEADER} characters` }]);
  }
  const { seller = 'root', key } = principalOf(request);
  return { seller, key, method: request.method, route: request.routeOptions.url ?? request.url, header: text };
}

/** The same text for the same content, whatever the order of its fields; the address belongs to it. */
function digestOf({ url, body }: KnownRequest): string {
  const content = body instanceof SentFile ? body.bytes : JSON.stringify(body ?? null, sortedFields);
  return createHash('sha256').update(`${url}\n`).update(content).digest('hex');
}

const sortedFields = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

function keptOf(value: unknown, call: OnceCall): KeptAnswer {
  const answer = value instanceof Answer ? value : new Answer(value);
  const { v, headers = {}, status = call.status } = answer.more;
  const kept = { status, headers: { ...headers, ...(v !== undefined && { etag: etagOf(v) }) } };
  if (call.holdsSecret) return kept;
  return { ...kept, body: JSON.stringify(answer.body ?? null) };
}

function replay({ status, headers, body }: KeptAnswer): Answer {
  if (body === undefined) {
    throw conflict('not-repeatable', 'This was done; its answer held a secret and was not kept.');
  }
  const value: unknown = JSON.parse(body);
  if (status >= 400) throw refusalOf(value as { status: number; code: string; detail: string }, headers);
  return new Answer(status === 204 ? undefined : value, { status, headers });
}

function refusalOf(
  { status, code, detail, ...rest }: { status: number; code: string; detail: string },
  headers: Readonly<Record<string, string>>,
): Refusal {
  return new Refusal(status, code, { detail, headers, members: rest });
}

const otherBody = (): Refusal =>
  new Refusal(422, 'other-body', {
    detail: 'This Idempotency-Key was used with another body.',
    errors: [{ path: 'Idempotency-Key', message: 'was used with another body' }],
  });
