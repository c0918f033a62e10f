import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { FastifyAdapter as BoardAdapter } from '@bull-board/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Health } from './health';
import type { Metrics } from './metrics';
import { answerPlainProblem } from './plain-problem';
import type { Queues } from './queues';
import { isLocal, type RootKey } from './root-key';

export interface OperationsParts {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly queues: Queues;
  readonly rootKey: RootKey;
}

const QUIET = { config: { quiet: true } };
const BOARD = '/queues';
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sluice</title>
<h1>Sluice</h1><p>A marketplace channel hub. The API is described at <a href="/docs">/docs</a>
(<a href="/docs/json">OpenAPI</a>).</p>
<p><a href="/health/ready">Health</a>, <a href="/metrics">metrics</a>, <a href="/queues">queues</a>.</p></html>`;

/** Hangs what operators' tools call: health, metrics, the board of queues and the plain page at `/`. */
export async function registerOperations(fastify: FastifyInstance, parts: OperationsParts): Promise<void> {
  const { health, metrics, rootKey } = parts;
  const mayLook = (request: FastifyRequest): boolean => isLocal(request) || rootKey.isIn(request.headers.authorization);
  fastify.get('/', QUIET, (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));
  fastify.get('/health/live', QUIET, () => ({ status: 'live' }));
  fastify.get('/health/ready', QUIET, async (request, reply) => {
    const { isReady, missing } = await health.ready();
    const seen = mayLook(request) && !isReady ? { missing } : {};
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not ready', ...seen });
  });
  fastify.get('/metrics', QUIET, async (request, reply) => {
    if (!mayLook(request)) return askForKey(reply, 'Bearer');
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  await registerBoard(fastify, parts);
}

async function registerBoard(fastify: FastifyInstance, { queues, rootKey }: OperationsParts): Promise<void> {
  const serverAdapter = new BoardAdapter();
  serverAdapter.setBasePath(BOARD);
  createBullBoard({
    queues: queues.all().map((queue) => new BullAdapter(queue, { readOnlyMode: true })),
    serverAdapter,
  });
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      if (!rootKey.isIn(request.headers.authorization))
        return askForKey(reply, 'Basic realm="the root key as password"');
      return undefined;
    });
    await scope.register(serverAdapter.registerPlugin(), { prefix: BOARD });
  });
}

const askForKey = (reply: FastifyReply, scheme: string): FastifyReply =>
  answerPlainProblem(reply.header('www-authenticate', scheme), {
    status: 401,
    code: 'unauthenticated',
    detail: 'The root key is needed.',
  });
