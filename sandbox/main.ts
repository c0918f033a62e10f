import { openDrill } from './drill';
import { startSandbox } from './server';
import { CHANNELS } from './shop';

/**
 * How many times faster the pretend marketplaces' clock runs: `SANDBOX_CLOCK` is the setting's older name, and without
 * either it is as fast as the hub's.
 */
function clockFactor(): number {
  return setting('SANDBOX_CLOCK_FACTOR', setting('SANDBOX_CLOCK', setting('HUB_CLOCK_FACTOR', 1))) || 1;
}

function setting(name: string, fallback: number): number {
  const text = process.env[name];
  const value = text === undefined || text === '' ? fallback : Number(text);
  if (!Number.isFinite(value) || value < 0) {
    console.error(`sandbox: ${name} must be a number of at least 0, not "${text}"`);
    process.exit(1);
  }
  return value;
}

async function main(): Promise<void> {
  const host = process.env['SANDBOX_HOST'] || '127.0.0.1';
  const port = setting('SANDBOX_PORT', 4200);
  const sandbox = await startSandbox({ host, port, clockFactor: clockFactor() });
  console.log(`sandbox: listening on ${sandbox.url} (${CHANNELS.join(', ')}; steered under ${sandbox.url}/_sandbox)`);
  if (process.argv.includes('--demo')) console.log(await openDrill(sandbox));
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(taken ? `sandbox: the port is in use (${error.message})` : error);
  process.exit(1);
});
