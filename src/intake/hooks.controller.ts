import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PushHeaders } from '../../connectors/kit';
import { refuseForeignHosts } from '../platform/api-server';
import { ownHosts } from '../platform/hosts';
import { Log } from '../platform/logger';
import { HubOptions } from '../platform/options';
import { answerPlainProblem, type PlainProblem } from '../platform/plain-problem';
import { TakePushService, type Taken } from './take-push.service';

interface HookRoute {
  Params: { channel: string; app: string };
  Body: Buffer | undefined;
}

/** Fastify refuses what is no media type; what is signed is the bytes, whatever they are called. */
const MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+\s*(;|$)/;
const ANY_BYTES = 'application/octet-stream';
const NO_BYTES = Buffer.alloc(0);

const NO: Readonly<Record<Exclude<Taken['kind'], 'yes'>, PlainProblem>> = {
  unknown: { status: 404, code: 'not-found', detail: 'There is no such thing.' },
  forged: { status: 401, code: 'forged', detail: 'The signature is missing or does not fit.' },
  'too-many': { status: 429, code: 'too-many', detail: 'Too many pushes in this second.' },
  'not-kept': { status: 503, code: 'not-kept', detail: 'The push could not be kept: send it again.' },
};

/**
 * `POST /hooks/:channel/:app`. It hangs in Fastify itself, before anything else does: the exact bytes of any content
 * type are what is signed, and every push pays for what stands between.
 */
@Injectable()
export class HooksController {
  private readonly hosts: ReadonlySet<string>;

  constructor(
    options: HubOptions,
    private readonly taker: TakePushService,
    private readonly log: Log,
  ) {
    this.hosts = ownHosts(options.publicUrl, options.hosts);
  }

  /** What is registered in this server later (headers, middleware, logs) is not paid for by pushes. */
  async register(fastify: FastifyInstance): Promise<void> {
    await fastify.register((scope, _options, done) => {
      this.hang(scope);
      done();
    });
  }

  private hang(scope: FastifyInstance): void {
    refuseForeignHosts(scope, this.hosts);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', (request, _reply, next) => {
      if (!MEDIA_TYPE.test(request.headers['content-type'] ?? '')) request.raw.headers['content-type'] = ANY_BYTES;
      next();
    });
    scope.setErrorHandler((error, _request, reply) => this.refuse(error, reply));
    scope.post<HookRoute>('/hooks/:channel/:app', (request, reply) => this.take(request, reply));
  }

  private async take(request: FastifyRequest<HookRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const push = { bytes: request.body ?? NO_BYTES, headers: request.headers as PushHeaders };
    const taken = await this.taker.take(request.params, push);
    if (taken.kind !== 'yes') return answerPlainProblem(reply, NO[taken.kind]);
    const { status, body } = taken.connector.manifest.accepted;
    return status === 204 ? reply.code(204).send() : reply.code(status).send(body);
  }

  private refuse(error: unknown, reply: FastifyReply): void {
    const status = statusOf(error);
    if (status === 500) this.log.error({ err: error }, 'a push met a mistake of the hub');
    const detail = status === 413 ? 'The push is larger than 1 MiB.' : 'The push cannot be taken.';
    answerPlainProblem(reply, { status, code: status === 413 ? 'too-large' : 'bad-request', detail });
  }
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
