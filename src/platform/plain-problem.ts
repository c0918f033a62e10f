import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';

/** Problem details of what is refused before a room sees it. */
export interface PlainProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** Sends them as RFC 9457 says. */
export function answerPlainProblem(reply: FastifyReply, { status, code, detail }: PlainProblem): FastifyReply {
  const problem = { type: `/docs#${code}`, title: STATUS_CODES[status] ?? 'Error', status, detail, code };
  return reply
    .status(status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem));
}
