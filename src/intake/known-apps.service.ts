import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock';
import { AppsStore, type AppForHook } from '../store/apps.store';

/** An app as this process knows it, and how many of its pushes came in the present second. */
export interface KnownApp {
  readonly app: AppForHook;
  readonly readAt: number;
  second: number;
  pushes: number;
}

const FRESH_MS = 2000;
const MOST_KNOWN = 10_000;

/** The apps that pushes arrive at, read anew after two seconds: a secret that was changed counts from then on. */
@Injectable()
export class KnownAppsService {
  private readonly known = new Map<string, KnownApp>();
  private readonly reading = new Map<string, Promise<KnownApp | undefined>>();

  constructor(
    private readonly apps: AppsStore,
    private readonly clock: Clock,
  ) {}

  /** The app of a path, or a promise of it where it must be read. */
  find(channel: string, hookId: string): KnownApp | undefined | Promise<KnownApp | undefined> {
    const path = `${channel}/${hookId}`;
    const known = this.known.get(path);
    if (known !== undefined && this.clock.now() - known.readAt < FRESH_MS) return known;
    let reading = this.reading.get(path);
    if (reading === undefined) {
      reading = this.read(channel, hookId).finally(() => this.reading.delete(path));
      this.reading.set(path, reading);
    }
    return reading;
  }

  private async read(channel: string, hookId: string): Promise<KnownApp | undefined> {
    const path = `${channel}/${hookId}`;
    const readAt = this.clock.now();
    const app = await this.apps.findForHook(channel, hookId);
    const before = this.known.get(path);
    this.known.delete(path);
    if (app === undefined) return undefined;
    const known = { app, readAt, second: before?.second ?? 0, pushes: before?.pushes ?? 0 };
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(path, known);
    return known;
  }
}
