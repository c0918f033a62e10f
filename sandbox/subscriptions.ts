import type { App } from './shop';

interface Standing {
  heard: number;
  failed: number;
  sinceMs: number;
}

const WINDOW_MS = 6 * 3_600_000;
/** Not documented for Lazada; below this many tries a share means little. */
const LEAST_LAZADA = 20;
const LEAST_SHOPEE = 600;

/**
 * Switches pushing to an app off when too many of its pushes fail: Lazada above 50 % [L2 doc], Shopee below 30 %
 * success of more than 600 in 6 hours [S2 doc]. Nothing is documented for Zalora.
 */
export class Subscriptions {
  private readonly records = new WeakMap<App, Standing>();
  private off = new WeakMap<App, number>();

  isOff(app: App): boolean {
    return this.off.has(app);
  }

  switchOn(app: App): void {
    this.off.delete(app);
    this.records.delete(app);
  }

  clear(): void {
    this.off = new WeakMap();
  }

  /** How an app's pushing stands: a warning below 70 % of more than 600 in 6 hours. [S2 doc] */
  health(app: App): { standing: 'Normal' | 'Warning' | 'Suspended'; suspendedAtMs: number | undefined } {
    const suspendedAtMs = this.off.get(app);
    if (suspendedAtMs !== undefined) return { standing: 'Suspended', suspendedAtMs };
    const { heard, failed } = this.records.get(app) ?? { heard: 0, failed: 0 };
    const poor = heard + failed > LEAST_SHOPEE && heard / (heard + failed) < 0.7;
    return { standing: poor ? 'Warning' : 'Normal', suspendedAtMs: undefined };
  }

  /** Counts one try; `nowMs` is simulated time. */
  count(app: App, heard: boolean, nowMs: number): void {
    let record = this.records.get(app);
    if (record === undefined || nowMs - record.sinceMs > WINDOW_MS) {
      record = { heard: 0, failed: 0, sinceMs: nowMs };
      this.records.set(app, record);
    }
    if (heard) record.heard += 1;
    else record.failed += 1;
    if (tooBad(app, record) && !this.off.has(app)) this.off.set(app, Date.now());
  }
}

function tooBad(app: App, { heard, failed }: Standing): boolean {
  const tries = heard + failed;
  if (app.channel === 'lazada') return tries >= LEAST_LAZADA && failed / tries > 0.5;
  return app.channel === 'shopee' && tries > LEAST_SHOPEE && heard / tries < 0.3;
}
