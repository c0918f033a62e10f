/** Money inside the sandbox is whole hundredths, whatever the currency; the channels write it each in their own way. */

/** "10", "10.5" or 10.5 as hundredths; undefined for anything else. */
export function toHundredths(amount: unknown): number | undefined {
  const text = typeof amount === 'number' ? String(amount) : amount;
  if (typeof text !== 'string' || !/^\d{1,12}(\.\d{1,2})?$/.test(text)) return undefined;
  return Math.round(Number(text) * 100);
}

export function toDecimal(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : '';
  const whole = Math.abs(hundredths);
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}

export function toFloat(hundredths: number): number {
  return hundredths / 100;
}

/** Part `index` of `total` dealt over `count` parts, the last one taking the odd cents. */
export function share(total: number, count: number, index: number): number {
  if (count <= 0) return 0;
  const part = Math.trunc(total / count);
  return index === count - 1 ? total - part * (count - 1) : part;
}
