import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as a seller's system received it. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test says what it expects of it
  readonly data: any;
}

/** What a receiver does with a call: a status, no answer at all, or its line cut. */
export type Reaction = number | 'silence' | 'cut' | { readonly location: string };

/** A seller's system on this machine. */
export interface Receiver {
  readonly url: string;
  /** Every call, oldest first. */
  readonly received: Received[];
  /** Asked for each call; 200 without it. */
  react: (call: Received) => Reaction | Promise<Reaction>;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { type, data } = JSON.parse(body) as Received;
      const call = { id: String(request.headers['webhook-id']), headers: request.headers, body, type, data };
      received.push(call);
      void Promise.resolve(receiver.react(call)).then((reaction) => {
        if (reaction === 'cut') request.socket.destroy();
        else if (typeof reaction === 'object') response.writeHead(302, reaction).end();
        else if (reaction !== 'silence') response.writeHead(reaction).end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    react: () => 200,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return receiver;
}
