import { writeFileSync } from 'node:fs';
import { tableOf, type Found } from './figures';

/** Prints figures and their notes, and writes them to a file where one is asked for. */
export function tell(found: readonly Found[], file: string | undefined): void {
  const figures = found.map(({ figure }) => figure);
  const notes = found.flatMap(({ figure, notes: of }) => of.map((note) => `  ${figure.name}: ${note}`));
  process.stdout.write(`\n${tableOf(figures)}\n\n${notes.join('\n')}\n`);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

export const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** Says why a bench could not run, and ends it. */
export function failed(error: unknown): never {
  process.stderr.write(`bench: ${textOf(error)}\n`);
  process.exit(1);
}
