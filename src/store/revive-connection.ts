import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { Log } from '../platform/logger';
import { CONNECTION_OPTIONS } from './connection';

const LOOK_MS = 1000;
const BETWEEN_TRIES_MS = 500;
const CLOSE_MS = 5000;
/** The driver ends every heartbeat itself within `connectTimeoutMS`; one that lasts longer never ends. */
const STUCK_MS = 12_000;

/**
 * Opens the database's connection anew when the driver watches the server no more. A heartbeat that mongodb 6.20.0
 * writes to a socket that is destroyed already, but whose `close` was not heard yet (its server was killed in that very
 * moment), waits for a `drain` that never comes: without this the hub would not find the database again before it is
 * restarted.
 */
@Injectable()
export class ReviveConnection implements OnModuleInit, OnModuleDestroy {
  private beganAt: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isReviving = false;

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.listen();
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Opens anew if the heartbeat under way is older than `stuckMs`; answers whether it did. */
  async look(stuckMs = STUCK_MS): Promise<boolean> {
    if (this.isReviving || this.beganAt === undefined || performance.now() - this.beganAt < stuckMs) return false;
    this.isReviving = true;
    this.beganAt = undefined;
    this.log.warn({}, 'the database is watched no more; connecting anew');
    const url = uriOf(this.connection);
    await Promise.race([this.connection.close().catch(() => undefined), delay(CLOSE_MS, undefined, { ref: false })]);
    while (this.timer !== undefined && !(await this.open(url)))
      await delay(BETWEEN_TRIES_MS, undefined, { ref: false });
    this.isReviving = false;
    return true;
  }

  private async open(url: string): Promise<boolean> {
    try {
      await this.connection.openUri(url, CONNECTION_OPTIONS);
      this.listen();
      this.log.info({}, 'connected to the database anew');
      return true;
    } catch (error) {
      this.log.debug({ err: error }, 'the database does not answer yet');
      return false;
    }
  }

  private listen(): void {
    const over = (): void => void (this.beganAt = undefined);
    this.connection
      .getClient()
      .on('serverHeartbeatStarted', () => (this.beganAt = performance.now()))
      .on('serverHeartbeatSucceeded', over)
      .on('serverHeartbeatFailed', over);
  }
}

/** mongoose keeps what it was opened with. */
function uriOf(connection: Connection): string {
  return (connection as unknown as { readonly _connectionString: string })._connectionString;
}
