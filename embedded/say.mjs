/** A fault the reader can mend: printed as it is, without a stack. */
export class PlainError extends Error {}

export function say(line) {
  process.stdout.write(`sluice: ${line}\n`);
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
