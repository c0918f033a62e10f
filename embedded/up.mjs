import { audit } from './audit.mjs';
import { bench } from './bench.mjs';
import { buildHub } from './build.mjs';
import { PlainError } from './say.mjs';
import { start } from './start.mjs';
import { test } from './test.mjs';

const USAGE = `node embedded/up.mjs start | test [--long] [jest arguments] | bench [--json FILE] [names] | build
  | bench:growth [--orders N] [--json FILE]
  | audit [--seller ID] [--sku SKU] [--repair]`;

const commands = {
  start: () => start(process.env),
  test: (args) => test(process.env, args),
  bench: (args) => bench(process.env, args),
  'bench:growth': (args) => bench(process.env, args, 'growth'),
  audit: (args) => audit(process.env, args),
  build: async () => {
    await buildHub();
    return 0;
  },
};

async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : null;
  if (!command) throw new PlainError(USAGE);
  return command(args);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof PlainError ? error.message : error.stack}\n`);
    process.exit(1);
  },
);
