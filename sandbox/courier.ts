import { Agent as HttpAgent, request as httpRequest, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** What came of one try to deliver bytes. */
export interface Outcome {
  status: number | undefined;
  bodyLength: number;
  error: string | undefined;
}

export interface Parcel {
  url: string;
  body: string | Buffer;
  headers: Record<string, string>;
  timeoutMs: number;
}

const AT_ONCE = 128;

/** Carries bytes over kept-alive connections, at most so many at once; a time-out counts from the sending, not the queueing. */
export class Courier {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: AT_ONCE });
  private readonly https = new HttpsAgent({ keepAlive: true, maxSockets: AT_ONCE });
  private readonly waiting: (() => void)[] = [];
  private head = 0;
  private busy = 0;

  async carry(parcel: Parcel): Promise<Outcome> {
    await this.enter();
    try {
      return await this.send(parcel, true);
    } finally {
      this.leave();
    }
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private async enter(): Promise<void> {
    if (this.busy < AT_ONCE) {
      this.busy += 1;
      return;
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting[this.head];
    if (next === undefined) {
      this.busy -= 1;
      return;
    }
    this.head += 1;
    if (this.head > 1000) {
      this.waiting.splice(0, this.head);
      this.head = 0;
    }
    next();
  }

  private async send(parcel: Parcel, mayRepeat: boolean): Promise<Outcome> {
    const outcome = await new Promise<Outcome & { stale: boolean }>((resolve) => this.start(parcel, resolve));
    // A kept connection that the other side had just closed: nothing was heard, so it goes again at once.
    return outcome.stale && mayRepeat ? this.send(parcel, false) : outcome;
  }

  private start(parcel: Parcel, done: (outcome: Outcome & { stale: boolean }) => void): void {
    // An answer that had come while this process was busy is read before it is called late.
    const giveUp = (): void => void setImmediate(() => setImmediate(() => request?.destroy(new Error('time-out'))));
    const timer = setTimeout(giveUp, parcel.timeoutMs);
    const finish = (outcome: Outcome, stale = false): void => {
      clearTimeout(timer);
      done({ ...outcome, stale });
    };
    let request: ClientRequest | undefined;
    try {
      request = this.open(parcel);
    } catch (error) {
      finish({ status: undefined, bodyLength: 0, error: String(error) });
      return;
    }
    const sent = request;
    sent.on('response', (response) => {
      let bodyLength = 0;
      response.on('data', (chunk: Buffer) => (bodyLength += chunk.length));
      response.on('end', () => finish({ status: response.statusCode, bodyLength, error: undefined }));
      response.on('error', (error) => finish({ status: undefined, bodyLength, error: error.message }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      finish(
        { status: undefined, bodyLength: 0, error: error.message },
        sent.reusedSocket && error.code === 'ECONNRESET',
      );
    });
    sent.end(parcel.body);
  }

  private open(parcel: Parcel): ClientRequest {
    const secure = parcel.url.startsWith('https:');
    const headers = {
      'content-type': 'application/json',
      ...parcel.headers,
      'content-length': String(Buffer.byteLength(parcel.body)),
    };
    return secure
      ? httpsRequest(parcel.url, { method: 'POST', agent: this.https, headers })
      : httpRequest(parcel.url, { method: 'POST', agent: this.http, headers });
  }
}
