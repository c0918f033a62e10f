import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A wire to a server of the run that a test can cut, mend, or let hang. */
export class CutWire {
  private readonly sockets = new Set<Socket>();
  private state: 'whole' | 'cut' | 'hanging' = 'whole';

  private constructor(
    private readonly server: Server,
    /** The server's address with the wire in between. */
    readonly url: string,
  ) {}

  static async to(target: string): Promise<CutWire> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const here = String((server.address() as AddressInfo).port);
    const wire = new CutWire(server, target.replace(`${hostname}:${port}`, `127.0.0.1:${here}`));
    server.on('connection', (near) => wire.join(near, () => connect(Number(port), hostname)));
    return wire;
  }

  /** Ends all connections and refuses new ones. */
  cut(): void {
    this.state = 'cut';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps connections, and lets nothing through. */
  hang(): void {
    this.state = 'hanging';
    for (const socket of this.sockets) socket.pause();
  }

  mend(): void {
    this.state = 'whole';
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, open: () => Socket): void {
    if (this.state === 'cut') {
      near.destroy();
      return;
    }
    const far = open();
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.state === 'hanging') from.pause();
    }
  }
}
