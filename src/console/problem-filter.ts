import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Log } from '../platform/logger';
import { problemOf } from './problem-of';

/** Every error leaves the hub as problem details; what was not expected is logged and not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (reply.sent) return;
    answerProblem(reply, error, { log: this.log, request });
  }
}

/** Sends an error as problem details. */
export function answerProblem(
  reply: FastifyReply,
  error: unknown,
  { log, request }: { log: Log; request: FastifyRequest },
): void {
  const { problem, headers } = problemOf(error);
  if (problem.status === 500) {
    log.error({ method: request.method, route: request.routeOptions.url, err: error }, 'a request failed');
  }
  void reply
    .status(problem.status)
    .headers(headers)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem));
}
