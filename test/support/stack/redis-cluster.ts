import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Redis from 'ioredis';
import { until } from '../until';
import { freePort, type Part } from './part';
import { redisPart } from './stack';

const NODES = 3;
const SLOTS = 16_384;
const SLOTS_EACH = Math.ceil(SLOTS / NODES);
/** Nodes speak to each other on a port so much higher. */
const BUS = 10_000;
const HIGHEST_PORT = 65_535;
const FLAGS = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-node-timeout', '1000'];

/** Three masters on loopback that share all slots, without replicas: what one holds is away while it is. */
export class RedisCluster {
  private constructor(
    private readonly folder: string,
    private readonly ports: readonly number[],
    readonly nodes: readonly Part[],
  ) {}

  static async start(): Promise<RedisCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-cluster-'));
    mkdirSync(join(folder, 'log'));
    const ports: number[] = [];
    while (ports.length < NODES) ports.push(await portWithBus());
    const nodes = ports.map((port, at) => redisPart({ name: `redis-${at + 1}`, folder, port, flags: FLAGS }));
    const cluster = new RedisCluster(folder, ports, nodes);
    try {
      await Promise.all(nodes.map((node) => node.start()));
      await cluster.join();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** As the hub is given it: all nodes. */
  get url(): string {
    return `redis://${this.ports.map((port) => `127.0.0.1:${port}`).join(',')}`;
  }

  /** Tells one node something. */
  async tell<Answer>(node: number, ask: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    const redis = new Redis({ host: '127.0.0.1', port: this.ports[node] ?? 0, maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    try {
      return await ask(redis);
    } finally {
      redis.disconnect();
    }
  }

  /** Waits until every node knows of all slots. */
  async whole(): Promise<void> {
    for (const node of this.nodes.keys()) {
      await until(`node ${node + 1} finds the cluster whole`, async () => {
        const info = await this.tell(node, (redis) => redis.cluster('INFO')).catch(() => '');
        return info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${SLOTS}`);
      });
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async join(): Promise<void> {
    for (const node of this.nodes.keys()) {
      await this.tell(node, async (redis) => {
        const first = node * SLOTS_EACH;
        const slots = Array.from({ length: Math.min(SLOTS_EACH, SLOTS - first) }, (_, at) => first + at);
        await redis.cluster('SET-CONFIG-EPOCH', node + 1);
        await redis.cluster('ADDSLOTS', ...slots);
        for (const port of this.ports.slice(0, node)) await redis.cluster('MEET', '127.0.0.1', port);
      });
    }
    await this.whole();
  }
}

async function portWithBus(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port + BUS <= HIGHEST_PORT) return port;
  }
}
