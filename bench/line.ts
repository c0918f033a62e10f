import { connect, type Socket } from 'node:net';

interface Sent {
  readonly resolve: (status: number) => void;
  readonly reject: (error: Error) => void;
}

const END_OF_HEADERS = Buffer.from('\r\n\r\n');

/** One kept connection that carries one request at a time. It does little, so that the server is what is measured. */
export class Line {
  readonly #socket: Socket;
  #sent: Sent | undefined;
  #received: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#hear(bytes));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
    socket.on('error', (error) => this.#fail(error));
  }

  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' }, () => resolve(new Line(socket)));
      socket.once('error', reject);
    });
  }

  /** Sends a whole request; resolves with the status when its answer is all there. */
  send(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#sent = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const end = this.#received.indexOf(END_OF_HEADERS);
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const whole = end + END_OF_HEADERS.length + length;
    if (this.#received.length < whole) return;
    this.#received = this.#received.subarray(whole);
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.resolve(Number(head.slice(9, 12)));
  }

  #fail(error: Error): void {
    const sent = this.#sent;
    this.#sent = undefined;
    sent?.reject(error);
  }
}
