import { z } from 'zod';

const flag = z.enum(['on', 'off']);
const port = z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535);
const seconds = z.coerce.number({ error: 'must be a number of seconds' }).int().min(1).max(86_400);
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).transform(withoutEndSlash);
/** A cluster has no databases. */
const REDIS_URL = /^rediss?:\/\/([^@/]*@)?([^@,/]+(\/.*)?|[^@,/]+(,[^@,/]+)+\/?)$/;
const words = z.string().transform((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);
const sealingKey = z
  .string()
  .refine((text) => Buffer.from(text, 'base64').length === 32, { error: 'must be 32 bytes in base64' });

/** The parts of the hub that a process can run. */
export const ROLES = ['api', 'worker'] as const;
export type Role = (typeof ROLES)[number];

const roles = words.pipe(z.array(z.enum(ROLES)).min(1, { error: `must name at least one of ${ROLES.join(', ')}` }));
const crashAt = z.string().regex(/^([a-z.]+:[1-9]\d*)?$/, { error: 'must be a crash point and a count: name:N' });

/** Every setting of the hub, once: its name, type, default and what it is for. */
export const SETTINGS_SHAPE = {
  HUB_PORT: port.default(4100).describe('Port of the API, the hooks and the console.'),
  HUB_HOST: z.string().min(1).default('127.0.0.1').describe('Address the API listens on.'),
  HUB_ROLES: roles.default(['api', 'worker']).describe('What this process runs: api, worker or both.'),
  HUB_PUBLIC_URL: httpUrl.optional().describe('What marketplaces call. Default: the loopback address and HUB_PORT.'),
  HUB_HOSTS: words
    .default([])
    .describe('Host names, besides loopback and that of HUB_PUBLIC_URL, that the API answers.'),
  MONGO_URL: z
    .string({ error: 'must be given' })
    .regex(/^mongodb(\+srv)?:\/\//, { error: 'must be a mongodb:// address' })
    .transform(withDatabase)
    .describe('The server, and the database there (default: sluice), that holds the truth.'),
  REDIS_URL: z
    .string({ error: 'must be given' })
    .regex(REDIS_URL, { error: 'must be a redis:// address, or several of one cluster, parted by commas' })
    .describe('The Redis that carries the work, or nodes of a cluster: redis://a:6379,b:6379. It must not evict.'),
  HUB_QUEUE_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, { error: 'must be lower-case letters, digits and hyphens' })
    .default('sluice')
    .describe('First part of every key in Redis; two hubs that share a Redis need two of them.'),
  HUB_ADMIN_KEY: z
    .string({ error: 'must be given' })
    .min(32, { error: 'must have at least 32 characters' })
    .describe('The root key: makes sellers and their keys.'),
  HUB_SECRET_KEY: z
    .string({ error: 'must be given' })
    .pipe(sealingKey)
    .describe('32 bytes in base64: seals stored secrets and buyers’ data.'),
  HUB_OLD_SECRET_KEYS: words
    .pipe(z.array(sealingKey))
    .default([])
    .describe('Earlier values of HUB_SECRET_KEY, parted by commas: what they sealed can still be opened.'),
  HUB_DATA_DIR: z.string().min(1).default('.data').describe('Where the embedded default keeps its files.'),
  HUB_POLL_SECONDS: seconds.default(120).describe('How often channels are asked for what no push told.'),
  HUB_DRIFT_HOURS: z.coerce
    .number({ error: 'must be a number of hours' })
    .min(0.1)
    .max(168)
    .default(6)
    .describe('Within how many hours every listing is read back, for what somebody changed at the marketplace.'),
  HUB_ATTEMPT_DAYS: z.coerce
    .number({ error: 'must be a number of days' })
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('How long push attempts are kept; their number per day stays.'),
  HUB_HOOKS_PER_SECOND: z.coerce
    .number({ error: 'must be a number of pushes' })
    .int()
    .min(1)
    .default(10_000)
    .describe('Most pushes per second of one app and process; a twentieth of it where the channel signs nothing.'),
  HUB_CALLS_PER_MINUTE: z.coerce
    .number({ error: 'must be a number of calls' })
    .int()
    .min(1)
    .max(1_000_000)
    .default(6000)
    .describe('Most calls of one key in a minute and process.'),
  HUB_SANDBOX: flag.default('off').describe('Whether the pretend marketplaces run beside the hub.'),
  HUB_DEMO: flag
    .default('on')
    .describe('Whether `npm start` plays a demo at the pretend marketplaces; with MONGO_URL only when asked for.'),
  SANDBOX_PORT: port.default(4200).describe('Port of the pretend marketplaces.'),
  HUB_LOG: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The least level that is logged.'),
  HUB_CLOCK_SKEW_MS: z.coerce
    .number({ error: 'must be a number of milliseconds' })
    .int()
    .min(0)
    .max(600_000)
    .default(1000)
    .describe("How far a channel's clock may be from ours."),
  HUB_CLOCK_FACTOR: z.coerce
    .number({ error: 'must be a number' })
    .min(1)
    .max(10_000)
    .default(1)
    .describe('For drills: waits between tries, polls and ahead of ends are this many times shorter.'),
  HUB_WEBHOOKS_TO_LOOPBACK: flag
    .default('off')
    .describe('For tests: whether webhooks may lead to http://127.0.0.1, besides public https addresses.'),
  HUB_CRASH_AT: crashAt.default('').describe('For tests: kill this process at the N-th passage of a point, name:N.'),
} as const;

const SHAPE = z.object(SETTINGS_SHAPE);

/** All settings of this process, checked. `channelUrls` has what was set as `HUB_<CHANNEL>_URL`, by channel code. */
export type Settings = Readonly<Omit<z.output<typeof SHAPE>, 'HUB_PUBLIC_URL'>> & {
  readonly HUB_PUBLIC_URL: string;
  readonly channelUrls: Readonly<Record<string, string>>;
};

type SettingsSchema = z.ZodObject<typeof SETTINGS_SHAPE & Record<string, z.ZodType<string | undefined>>>;

/** Settings whose value is never shown. */
export const SECRET_SETTINGS: readonly string[] = [
  'HUB_ADMIN_KEY',
  'HUB_SECRET_KEY',
  'HUB_OLD_SECRET_KEYS',
  'MONGO_URL',
  'REDIS_URL',
];

export const channelUrlName = (code: string): string => `HUB_${code.toUpperCase()}_URL`;

/** The whole schema for these channels: one base address per channel comes on top. */
export function settingsSchema(channelCodes: readonly string[]): SettingsSchema {
  const urls = Object.fromEntries(
    channelCodes.map((code) => [
      channelUrlName(code),
      httpUrl.optional().describe(`One base for every call to ${code}; default: its real hosts by region.`),
    ]),
  );
  return SHAPE.extend(urls) as unknown as SettingsSchema;
}

function withoutEndSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Without a name the driver would take a database called `test`. */
function withDatabase(url: string): string {
  return url.replace(
    /^([a-z+]+:\/\/[^/?]+)\/?(\?.*)?$/,
    (_whole, server: string, options = '') => `${server}/sluice${options}`,
  );
}
