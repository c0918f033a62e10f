import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, Observable } from 'rxjs';
import { withLogContext } from '../platform/logger';
import { Answer } from './answer';
import type { KnownRequest } from './principal';
import { etagOf } from './refusal';

/** Turns an `Answer` into status, headers and body, and puts the seller into every line that is logged meanwhile. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { principal } = context.switchToHttp().getRequest<KnownRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (principal === undefined) return next.handle();
    const ids = principal.seller === undefined ? {} : { seller: principal.seller };
    const answered = next.handle().pipe(map((value: unknown) => bodyOf(value, reply)));
    return new Observable((subscriber) => withLogContext(ids, () => answered.subscribe(subscriber)));
  }
}

function bodyOf(value: unknown, reply: FastifyReply): unknown {
  void reply.header('cache-control', 'no-store');
  if (!(value instanceof Answer)) return value;
  const { status, v, headers } = value.more;
  if (status !== undefined) void reply.status(status);
  if (v !== undefined) void reply.header('etag', etagOf(v));
  if (headers !== undefined) void reply.headers(headers);
  return value.body;
}
