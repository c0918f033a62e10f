const PER_SECOND = 5;
const BURST = 20;
const MOST_APPS = 10_000;

/**
 * Reads that pushes caused and that found nothing, per app: where a channel signs nothing, anybody who knows the
 * address could make the hub spend the shop's calls. Reads that find an order cost nothing (api.md, *Zalora*).
 */
export class MissBudget {
  private readonly left = new Map<string, { tokens: number; at: number }>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  allows(app: string): boolean {
    return this.refilled(app) >= 1;
  }

  charge(app: string): void {
    const tokens = this.refilled(app) - 1;
    if (this.left.size >= MOST_APPS) this.left.clear();
    this.left.set(app, { tokens, at: this.nowMs() });
  }

  private refilled(app: string): number {
    const known = this.left.get(app);
    if (known === undefined) return BURST;
    return Math.min(BURST, known.tokens + ((this.nowMs() - known.at) / 1000) * PER_SECOND);
  }
}
