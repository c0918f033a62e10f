import { Injectable } from '@nestjs/common';
import { keyOf } from '../domain';
import { Clock } from '../platform/clock';
import { Log } from '../platform/logger';
import type { AppForHook } from '../store/apps.store';
import { HUB, ProblemsStore } from '../store/problems.store';

/** Opens and closes the problem of an app whose pushes cannot be verified. Once per app and process is enough. */
@Injectable()
export class MissingSecretsService {
  private readonly told = new Map<string, boolean>();

  constructor(
    private readonly problems: ProblemsStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Opens the problem of an app that has no secret to verify with, and closes it when there is one. */
  look(app: AppForHook): void {
    const isWithout = app.secrets.length === 0;
    if (this.told.get(app.id) === isWithout) return;
    this.told.set(app.id, isWithout);
    this.keep(isWithout ? this.open(app) : this.problems.close(app.seller ?? HUB, keyOfProblem(app.id), this.now()));
  }

  /** A secret that is there, but cannot be opened. */
  tell(path: { channel: string; app: string }, why: string): void {
    if (this.told.get(path.app) === true) return;
    this.told.set(path.app, true);
    this.log.error({ channel: path.channel, why }, 'a secret cannot be opened: pushes are answered 503');
  }

  private open(app: AppForHook): Promise<unknown> {
    const news = {
      seller: app.seller ?? HUB,
      key: keyOfProblem(app.id),
      kind: 'secret-missing' as const,
      detail: `Pushes of ${app.channel} arrive at an app without a secret and are refused.`,
      action: 'Store the app’s secret: PATCH /v1/apps/:id.',
    };
    return this.problems.open(news, this.now());
  }

  private now(): number {
    return this.clock.now();
  }

  private keep(change: Promise<unknown>): void {
    void change.catch((error: unknown) => this.log.warn({ err: error }, 'a problem was not kept'));
  }
}

const keyOfProblem = (app: string): string => keyOf('secret-missing', app);
