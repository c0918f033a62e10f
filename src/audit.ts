import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '../config/load';
import { CHANNELS } from '../connectors';
import { AppModule } from './app.module';
import type { SellerId } from './domain';
import { AuditNowService, type AuditWish } from './ledger/audit-now.service';
import { createLog, NestLog } from './platform/logger';
import { SellersStore } from './store/sellers.store';

const USAGE = 'npm run audit -- [--seller ID] [--sku SKU] [--repair]';
const PER_PAGE = 100;

interface Asked extends AuditWish {
  readonly seller?: SellerId;
}

function readArgs(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  const options = { seller: text, sku: text, repair: { type: 'boolean' } } as const;
  const { seller, sku, repair } = parseArgs({ args: [...args], options }).values;
  if (sku !== undefined && seller === undefined) throw new Error('--sku needs --seller');
  return {
    ...(seller !== undefined && { seller: seller as SellerId }),
    ...(sku !== undefined && { sku }),
    ...(repair === true && { repair }),
  };
}

/** Every seller, or the one that is named. */
async function* sellersOf(sellers: SellersStore, named: SellerId | undefined): AsyncGenerator<SellerId> {
  if (named !== undefined) {
    if ((await sellers.find(named)) === undefined) throw new Error(`there is no seller ${named}`);
    yield named;
    return;
  }
  for (let after = '' as SellerId, isMore = true; isMore;) {
    const page = await sellers.walk(after, PER_PAGE);
    yield* page;
    isMore = page.length === PER_PAGE;
    after = page.at(-1) ?? after;
  }
}

/**
 * `npm run audit`: audits the ledger of a hub, which may be running, and tells what differs. Ends with 1 where
 * something does and was not mended.
 */
async function main(args: readonly string[]): Promise<number> {
  const { seller: named, ...wish } = readArgs(args);
  const loaded = loadSettings(CHANNELS.map(({ manifest }) => manifest.code));
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.join('\n'));
  const log = createLog('error');
  const settings = { ...loaded.settings, HUB_ROLES: ['api' as const] };
  const parts = { settings, connectors: CHANNELS, log };
  const app = await NestFactory.createApplicationContext(AppModule.with(parts), { logger: new NestLog(log) });
  let open = 0;
  try {
    for await (const seller of sellersOf(app.get(SellersStore), named)) {
      const { report } = await app.get(AuditNowService).run(seller, wish, 'npm run audit');
      process.stdout.write(`${JSON.stringify({ seller, ...report }, null, 2)}\n`);
      open += Number(report['differences']) - Number(report['mended']);
    }
  } finally {
    await app.close();
  }
  return open === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`audit: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  },
);
