/** What rooms need to know of this process's settings, besides the channels; app.module.ts hangs it. */
export interface HubOptionValues {
  /** What marketplaces call. */
  readonly publicUrl: string;
  /** The API answers for these host names too. */
  readonly hosts: readonly string[];
  readonly adminKey: string;
  readonly clockSkewMs: number;
  readonly pollMs: number;
  /** Most pushes per second of one app in one process. */
  readonly hooksPerSecond: number;
  /** Every listing is read back within this time, ms of a day. */
  readonly driftMs: number;
  /** How long attempts are kept. */
  readonly attemptDays: number;
  /** Sellers may name addresses of this machine: for tests. */
  readonly webhooksToLoopback: boolean;
}

export class HubOptions implements HubOptionValues {
  readonly publicUrl: string;
  readonly hosts: readonly string[];
  readonly adminKey: string;
  readonly clockSkewMs: number;
  readonly pollMs: number;
  readonly hooksPerSecond: number;
  readonly driftMs: number;
  readonly attemptDays: number;
  readonly webhooksToLoopback: boolean;

  constructor(values: HubOptionValues) {
    this.publicUrl = values.publicUrl;
    this.hosts = values.hosts;
    this.adminKey = values.adminKey;
    this.clockSkewMs = values.clockSkewMs;
    this.pollMs = values.pollMs;
    this.hooksPerSecond = values.hooksPerSecond;
    this.driftMs = values.driftMs;
    this.attemptDays = values.attemptDays;
    this.webhooksToLoopback = values.webhooksToLoopback;
  }
}
