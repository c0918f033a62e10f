import { Agent, request, type IncomingHttpHeaders } from 'node:http';

/** An answer with its JSON, loosely typed: tests look into it freely. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface Answer<Body = any> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly timeoutMs?: number;
}

const ANSWER_MS = 20_000;
/** A connection for each call: no process that was killed is met again by a connection that was kept. */
const agent = new Agent({ keepAlive: false });

/** One call. Rejects only when no answer comes. */
export function ask({ method, url, headers = {}, body, timeoutMs = ANSWER_MS }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request(url, { method, agent, headers: { ...length, ...headers }, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
        const read: unknown = isJson ? JSON.parse(text) : text;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

type Headers = Readonly<Record<string, string>>;

/** A caller of the hub's API, or of the sandbox's steering: JSON in, JSON out. */
export class Api {
  constructor(
    readonly url: string,
    private readonly headers: Headers = {},
  ) {}

  /** The same place called with this key. */
  withKey(key: string, more: Headers = {}): Api {
    return new Api(this.url, { authorization: `Bearer ${key}`, ...more });
  }

  /** The same caller, with these headers too. */
  with(more: Headers): Api {
    return new Api(this.url, { ...this.headers, ...more });
  }

  send(method: string, path: string, body?: unknown): Promise<Answer> {
    const type = { 'content-type': 'application/json' };
    return ask({
      method,
      url: this.url + path,
      headers: { ...(body === undefined ? {} : type), ...this.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** These very characters as JSON. */
  sendText(method: string, path: string, text: string): Promise<Answer> {
    const headers = { 'content-type': 'application/json', ...this.headers };
    return ask({ method, url: this.url + path, headers, body: text });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  /** The body of a good answer. Anything else is an error that shows the answer. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async must(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.send(method, path, body);
    if (answer.status < 200 || answer.status > 299) {
      throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }
}
