/** A list that keeps only its newest entries; dropping is in batches, so adding stays cheap. */
export class Bounded<T> {
  private entries: T[] = [];

  constructor(
    private readonly most: number,
    private readonly onDrop: (dropped: T) => void = () => undefined,
  ) {}

  add(entry: T): void {
    this.entries.push(entry);
    if (this.entries.length < this.most * 1.1 + 1) return;
    const excess = this.entries.length - this.most;
    this.entries.slice(0, excess).forEach(this.onDrop);
    this.entries = this.entries.slice(excess);
  }

  /** Oldest first. */
  all(): readonly T[] {
    return this.entries.length > this.most ? this.entries.slice(-this.most) : this.entries;
  }

  clear(): void {
    this.entries = [];
  }
}
