import 'reflect-metadata';
import path from 'node:path';
import { getConnectionToken } from '@nestjs/mongoose';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Connection } from 'mongoose';
import { loadSettings } from '../config/load';
import type { Connector } from '../connectors/kit';
import type { StockAnswer } from '../src/domain';
import { Inbox } from '../src/intake/inbox.service';
import { GroupCommitService } from '../src/ledger/group-commit.service';
import { startHub, stopHub } from '../src/main';
import { createLog } from '../src/platform/logger';
import { Queues } from '../src/platform/queues';
import { answerAsks } from './child';
import { Claims } from './claims-in-hub';
import { Commands } from './commands';
import { instantChannel } from './instant-channel';
import { OrderSteps } from './order-steps-in-hub';
import { Planning } from './planning-in-hub';
import { Republishing } from './republish-in-hub';
import { seed } from './seed';
import { StockFiles } from './stock-files-in-hub';
import { Whys } from './why-in-hub';
import type { WorldSize } from './world';

/** A sale whose stock was committed. Instants in ms. */
export interface Committed {
  readonly order: string;
  readonly sku: string;
  /** When the ledger decided. */
  readonly decidedAt: number;
  /** When the swap was durable and its asker told. */
  readonly toldAt: number;
}

let app: NestFastifyApplication | undefined;
let commands: Commands | undefined;
let committed: Committed[] = [];
let keep: Inbox['keep'] | undefined;
const log = createLog(process.env['BENCH_LOG'] ?? 'error');

/** The channels are handed in at run time: the bench names none of their files. */
function channels(): readonly Connector[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { CHANNELS } = require(path.join(__dirname, '..', 'connectors')) as { CHANNELS: readonly Connector[] };
  return [...CHANNELS, instantChannel()];
}

/** Starts the hub as src/main.ts does, with settings from this process's environment. Answers its port. */
async function start(): Promise<number> {
  const connectors = channels();
  const loaded = loadSettings(connectors.map(({ manifest }) => manifest.code));
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.join('\n'));
  app = await startHub({ settings: loaded.settings, connectors, log });
  const connection = app.get<Connection>(getConnectionToken());
  commands = new Commands(connection.getClient());
  watchCommits(app.get(GroupCommitService));
  return Number(new URL(await app.getUrl()).port);
}

/** Notes when each sale's stock was committed. */
function watchCommits(ledger: GroupCommitService): void {
  const ask = ledger.ask.bind(ledger);
  ledger.ask = async (seller, sku, wish): Promise<StockAnswer> => {
    const answer = await ask(seller, sku, wish);
    if (answer.kind === 'done' && wish.kind === 'order') {
      const toldAt = performance.timeOrigin + performance.now();
      committed.push({ order: wish.order, sku: `${seller}|${sku}`, decidedAt: answer.move.at, toldAt });
    }
    return answer;
  };
}

/** The same server, checking the same signatures: on answers as ever, off answers without keeping anything. */
function keeping({ isOn }: { readonly isOn: boolean }): void {
  const inbox = running().get(Inbox);
  keep ??= inbox.keep.bind(inbox);
  inbox.keep = isOn ? keep : () => Promise.resolve('kept');
}

function takeCommitted(): readonly Committed[] {
  const taken = committed;
  committed = [];
  return taken;
}

function use(): { readonly residentMb: number; readonly heapMb: number; readonly cpuMs: number } {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { residentMb: rss / 1_048_576, heapMb: heapUsed / 1_048_576, cpuMs: (user + system) / 1000 };
}

/** Jobs that wait or run, in all queues; a Redis that is too busy to say counts as one. */
async function backlog(): Promise<number> {
  const counts = await Promise.all(
    running()
      .get(Queues)
      .all()
      .map((queue) => queue.getJobCounts().catch(() => ({ waiting: 1, active: 0, delayed: 0 }))),
  );
  return counts.reduce((sum, { waiting, active, delayed }) => sum + waiting + active + delayed, 0);
}

function orderSteps(): OrderSteps {
  if (commands === undefined) throw new Error('the hub was not started');
  return new OrderSteps(running(), commands);
}

function running(): NestFastifyApplication {
  if (app === undefined) throw new Error('the hub was not started');
  return app;
}

const handlers = {
  start,
  seed: (size: WorldSize & { readonly port: number }) => seed(running(), size),
  keeping,
  takeCommitted,
  commands: () => commands?.take() ?? {},
  use,
  backlog,
  claims: (about: Parameters<Claims['run']>[0]) => new Claims(running().get(GroupCommitService)).run(about),
  fill: (about: Parameters<Claims['fill']>[0]) => new Claims(running().get(GroupCommitService)).fill(about),
  hold: (about: Parameters<Claims['hold']>[0]) => new Claims(running().get(GroupCommitService)).hold(about),
  plan: (about: Parameters<Planning['run']>[0]) => new Planning(running()).run(about),
  republish: (about: Parameters<Republishing['run']>[0]) => new Republishing(running()).run(about),
  readStep: () => orderSteps().read(),
  bringStep: (about: Parameters<OrderSteps['bring']>[0]) => orderSteps().bring(about),
  planStep: (about: Parameters<OrderSteps['plan']>[0]) => orderSteps().plan(about),
  writeStep: (about: Parameters<OrderSteps['write']>[0]) => orderSteps().write(about),
  importStock: (about: Parameters<StockFiles['import']>[0]) => new StockFiles(running()).import(about),
  exportStock: (about: Parameters<StockFiles['export']>[0]) => new StockFiles(running()).export(about),
  why: (about: Parameters<Whys['ask']>[0]) => new Whys(running()).ask(about),
};

export type HubAsks = typeof handlers;

if (require.main === module) {
  answerAsks(handlers, async () => {
    if (app !== undefined) await stopHub(app, log);
  });
}
