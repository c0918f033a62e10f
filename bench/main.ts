import { benchManySkus, benchOneSku } from './claims';
import type { Found } from './figures';
import { benchAccepts, benchOffered } from './intake';
import { benchMemory } from './memory';
import { benchMovesOfMany, benchMovesOfOne } from './moves';
import { benchOrders } from './orders';
import { benchPlanning } from './planning';
import { benchRepublish } from './republish';
import { benchStockFiles } from './stock-files';
import { failed, tell, textOf } from './tell';
import { benchWhy } from './why';

interface Bench {
  /** The figures it finds; asking for one runs it. */
  readonly finds: readonly string[];
  readonly run: () => Promise<readonly Found[]>;
}

const BENCHES: readonly Bench[] = [
  { finds: ['intake.accepts'], run: benchAccepts },
  { finds: ['intake.offered'], run: benchOffered },
  { finds: ['order.reserved', 'stock.issued'], run: benchOrders },
  { finds: ['claims.oneSku'], run: benchOneSku },
  { finds: ['claims.manySkus'], run: benchManySkus },
  { finds: ['moves.oneSku'], run: benchMovesOfOne },
  { finds: ['moves.manySkus'], run: benchMovesOfMany },
  { finds: ['planning.listings'], run: benchPlanning },
  { finds: ['republish.listings', 'republish.memory'], run: benchRepublish },
  { finds: ['stock.imported', 'stock.exported'], run: benchStockFiles },
  { finds: ['why.past'], run: benchWhy },
  { finds: ['memory.idle', 'memory.after'], run: benchMemory },
];

const USAGE = `npm run bench [-- [--json FILE] [names]]; names: ${BENCHES.flatMap(({ finds }) => finds).join(' ')}`;

function readArgs(args: readonly string[]): { readonly names: readonly string[]; readonly file: string | undefined } {
  const at = args.indexOf('--json');
  const file = at === -1 ? undefined : args[at + 1];
  const names = args.filter((_, index) => at === -1 || (index !== at && index !== at + 1));
  const isKnown = (name: string): boolean => BENCHES.some(({ finds }) => finds.some((found) => found.startsWith(name)));
  if ((at !== -1 && file === undefined) || names.some((name) => !isKnown(name))) throw new Error(USAGE);
  return { names, file };
}

/**
 * Runs one bench after another: a figure is never found beside another's load. One that fails keeps none of the others
 * from being told.
 * @returns how many failed. A bar that is missed is no failure: it is said.
 */
async function main(args: readonly string[]): Promise<number> {
  const { names, file } = readArgs(args);
  const isAsked = ({ finds }: Bench): boolean =>
    names.length === 0 || finds.some((found) => names.some((name) => found.startsWith(name)));
  const found: Found[] = [];
  let failures = 0;
  for (const bench of BENCHES.filter(isAsked)) {
    const began = performance.now();
    try {
      found.push(...(await bench.run()));
    } catch (error) {
      failures += 1;
      process.stderr.write(`bench: ${bench.finds.join(', ')} failed: ${textOf(error)}\n`);
    }
    process.stderr.write(`bench: ${bench.finds.join(', ')} (${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
  }
  tell(found, file);
  return failures;
}

main(process.argv.slice(2)).then((failures) => process.exit(failures === 0 ? 0 : 1), failed);
