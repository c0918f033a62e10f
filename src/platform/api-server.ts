import helmet from '@fastify/helmet';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hostNameOf, ownHosts } from './hosts';
import type { Log } from './logger';
import { answerPlainProblem } from './plain-problem';
import { safeJson } from './safe-json';
import { SHEET_TYPES } from './sheet';

export const BODY_LIMIT = 1024 * 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No line in the log for each request: hooks, health, metrics. */
    readonly quiet?: boolean;
    /** Its body is a file, which it reads itself. */
    readonly takesFile?: boolean;
  }
}

export interface ApiServerOptions {
  readonly publicUrl: string;
  readonly hosts: readonly string[];
  readonly log: Log;
}

/** The HTTP server with its limits; routes are hung into it afterwards. */
export const createApiAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    logger: false,
    trustProxy: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: MOST_PARAM_CHARACTERS },
  });

/** What holds for every request: own hosts only, security headers, JSON only and with limits, one line in the log. */
export async function guardApi(fastify: FastifyInstance, options: ApiServerOptions): Promise<void> {
  refuseForeignHosts(fastify, ownHosts(options.publicUrl, options.hosts));
  await fastify.register(helmet, {
    // Over plain HTTP the console's own scripts would be asked for by https.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: isSecure(options) ? [] : null } },
    strictTransportSecurity: isSecure(options),
  });
  takeJsonOnly(fastify);
  leaveFilesUnread(fastify);
  fastify.addHook('onResponse', (request, reply, next) => {
    if (request.routeOptions.config.quiet !== true) logRequest(options.log, request, reply);
    next();
  });
}

/** A sku of 128 characters, each written as `%XX` three times. */
const MOST_PARAM_CHARACTERS = 128 * 9;
/** Answers 421 to a request for a host name that is not among these: a foreign page must not reach the hub by DNS. */
export function refuseForeignHosts(fastify: FastifyInstance, own: ReadonlySet<string>): void {
  fastify.addHook('onRequest', (request, reply, next) => {
    if (own.has(hostNameOf(request.headers.host))) next();
    else void answerPlainProblem(reply, { status: 421, code: 'host', detail: 'This host name is not ours.' });
  });
}

const isSecure = ({ publicUrl }: ApiServerOptions): boolean => publicUrl.startsWith('https:');

function takeJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    const read = safeJson(body as string);
    if (read.kind === 'value') return done(null, read.value);
    done(Object.assign(new Error(read.detail), { statusCode: 400, code: 'bad-json' }));
  });
}

/** A file is read by the route that takes one, once it knows who sends it; elsewhere it is refused. */
function leaveFilesUnread(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(Object.values(SHEET_TYPES), (request, payload, done) => {
    if (request.routeOptions.config.takesFile === true) return done(null, payload);
    done(Object.assign(new Error('no file is taken here'), { statusCode: 415 }));
  });
}

function logRequest(log: Log, request: FastifyRequest, reply: FastifyReply): void {
  const { method, routeOptions } = request;
  const tookMs = Math.round(reply.elapsedTime * 10) / 10;
  log.info({ method, route: routeOptions.url ?? 'none', status: reply.statusCode, tookMs }, 'request');
}
