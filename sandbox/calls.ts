import { Bounded } from './bounded';
import { isoMs } from './clock';
import type { CallNote } from './http/call';
import type { Channel } from './shop';

export interface LoggedCall extends CallNote {
  id: number;
  channel: Channel;
  method: string;
  path: string;
  receivedMs: number;
  answeredMs: number | undefined;
  status: number | undefined;
  fault: string | undefined;
}

export interface CallFilter {
  channel?: string | null;
  path?: string | null;
  after?: number;
  limit?: number;
}

/** Every call that the marketplaces received, newest last, bounded. */
export class CallLog {
  private readonly kept = new Bounded<LoggedCall>(100_000);
  private nextId = 1;

  open(channel: Channel, method: string, path: string): LoggedCall {
    const call: LoggedCall = {
      id: this.nextId,
      channel,
      method,
      path,
      receivedMs: Date.now(),
      answeredMs: undefined,
      status: undefined,
      fault: undefined,
    };
    this.nextId += 1;
    this.kept.add(call);
    return call;
  }

  find(filter: CallFilter): Record<string, unknown>[] {
    const { channel, path, after = 0, limit } = filter;
    const found = this.kept
      .all()
      .filter(
        (call) => call.id > after && (!channel || call.channel === channel) && (!path || call.path.includes(path)),
      );
    return (limit === undefined ? found : found.slice(-limit)).map(describe);
  }

  clear(): void {
    this.kept.clear();
  }
}

function describe(call: LoggedCall): Record<string, unknown> {
  return {
    id: call.id,
    channel: call.channel,
    method: call.method,
    path: call.path,
    shop: call.shop ?? null,
    receivedAt: isoMs(call.receivedMs),
    answeredAt: call.answeredMs === undefined ? null : isoMs(call.answeredMs),
    status: call.status ?? null,
    code: call.code ?? null,
    fault: call.fault ?? null,
    ...(call.orders === undefined ? {} : { orders: call.orders }),
    ...(call.writes === undefined ? {} : { writes: call.writes }),
  };
}
