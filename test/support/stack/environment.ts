import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

const SHOWN_LINES = 40;
const LOGS_OF = 'SLUICE_STACK_LOGS';

/** Node's environment; when a test fails it shows the end of what each process of the stack said. */
export default class StackEnvironment extends TestEnvironment {
  private isShown = false;

  handleTestEvent(event: Circus.Event): void {
    if (event.name === 'test_start') this.isShown = false;
    const failed = event.name === 'test_fn_failure' || event.name === 'hook_failure';
    const logs = this.global.process.env[LOGS_OF] ?? process.env[LOGS_OF];
    if (!failed || this.isShown || logs === undefined || !existsSync(logs)) return;
    this.isShown = true;
    for (const name of readdirSync(logs))
      process.stderr.write(`\n--- the end of ${name}\n${endOf(join(logs, name))}\n`);
  }
}

function endOf(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.slice(-SHOWN_LINES).join('\n');
}
