import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Channels } from '../platform/channels';
import { Log } from '../platform/logger';
import { answerPlainProblem } from '../platform/plain-problem';
import { readCallback } from './read-callback';
import { PAGE_HEADERS, returnPage, type ConsentEnd } from './return-page';
import { TakeConsentService } from './take-consent.service';

interface CallbackRoute {
  Params: { channel: string };
  Querystring: Record<string, unknown>;
}

/** Per address and minute; a proxy before the hub is one address. */
const PER_ADDRESS = 120;
/** Of all addresses together, for the channel is called for good states only. */
const PER_PROCESS = 1200;
const MINUTE_S = 60;

/** `GET /oauth/:channel/callback`: the end of a shop's consent, in the seller's browser. */
@Injectable()
export class CallbackController {
  private readonly ofAddress = new RateLimiterMemory({ points: PER_ADDRESS, duration: MINUTE_S });
  private readonly ofAll = new RateLimiterMemory({ points: PER_PROCESS, duration: MINUTE_S });

  constructor(
    private readonly channels: Channels,
    private readonly consents: TakeConsentService,
    private readonly log: Log,
  ) {}

  register(fastify: FastifyInstance): void {
    fastify.get<CallbackRoute>('/oauth/:channel/callback', (request, reply) => this.take(request, reply));
  }

  private async take(request: FastifyRequest<CallbackRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const { channel } = request.params;
    if (this.channels.byCode.get(channel)?.authorisation === undefined) {
      return answerPlainProblem(reply, { status: 404, code: 'not-found', detail: 'There is no such thing.' });
    }
    const end = await this.endOf(request);
    const { status, html } = returnPage(end);
    if (end === 'busy') void reply.header('retry-after', String(MINUTE_S));
    return reply.code(status).headers(PAGE_HEADERS).send(html);
  }

  private async endOf({ ip, params, query }: FastifyRequest<CallbackRoute>): Promise<ConsentEnd> {
    if (!(await this.isWithinLimit(ip))) return 'busy';
    const read = readCallback(query);
    if (read.kind === 'unreadable') return 'void';
    try {
      return await this.consents.take(params.channel, read);
    } catch (error) {
      this.log.error({ channel: params.channel, err: error }, 'a consent could not be taken');
      return 'failed';
    }
  }

  private async isWithinLimit(address: string): Promise<boolean> {
    try {
      await this.ofAddress.consume(address);
      await this.ofAll.consume('all');
      return true;
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return false;
      throw refusal;
    }
  }
}
