import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RULES = join(__dirname, '../../../src/domain');

/** The specs of the rules: those of worked examples, or those of random histories. */
export const specsOf = (kind: 'examples' | 'histories'): readonly string[] =>
  readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => join(RULES, file))
    .filter((file) => readFileSync(file, 'utf8').includes("'fast-check'") === (kind === 'histories'));
