import { loadSettings, type Environment } from './load';
import { SETTINGS_SHAPE } from './schema';

const CODES = ['lazada', 'shopee'];
const NEEDED = {
  MONGO_URL: 'mongodb://127.0.0.1:27017/sluice',
  REDIS_URL: 'redis://127.0.0.1:6379',
  HUB_ADMIN_KEY: 'k'.repeat(32),
  HUB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
};

function settingsOf(env: Environment) {
  const loaded = loadSettings(CODES, { ...NEEDED, ...env });
  if (loaded.kind === 'faulty') throw new Error(loaded.faults.join('\n'));
  return loaded.settings;
}

function faultsOf(env: Environment) {
  const loaded = loadSettings(CODES, env);
  return loaded.kind === 'faulty' ? loaded.faults : [];
}

describe('settings', () => {
  it('have defaults for everything but the stores and the keys', () => {
    const settings = settingsOf({});
    expect(settings).toMatchObject({ HUB_PORT: 4100, HUB_HOST: '127.0.0.1', HUB_ROLES: ['api', 'worker'] });
    expect(settings).toMatchObject({ HUB_POLL_SECONDS: 120, SANDBOX_PORT: 4200, HUB_CLOCK_SKEW_MS: 1000 });
    expect(settings.HUB_PUBLIC_URL).toBe('http://127.0.0.1:4100');
  });

  it('list every fault at once', () => {
    const faults = faultsOf({ HUB_PORT: 'abc', HUB_ROLES: 'api,cook', HUB_ADMIN_KEY: 'short', HUB_SECRET_KEY: 'eA==' });
    const names = faults.map((fault) => fault.split(':')[0]);
    expect(new Set(names)).toEqual(
      new Set(['HUB_PORT', 'HUB_ROLES', 'MONGO_URL', 'REDIS_URL', 'HUB_ADMIN_KEY', 'HUB_SECRET_KEY']),
    );
  });

  it('take a Redis, or nodes of a cluster, which has no databases', () => {
    for (const REDIS_URL of ['redis://a:1/3', 'rediss://u:p,w@a:1', 'redis://a:1,b:2,[::1]:3', 'redis://:s@a:1,b:2/']) {
      expect(settingsOf({ REDIS_URL }).REDIS_URL).toBe(REDIS_URL);
    }
    for (const REDIS_URL of ['redis://a:1,b:2/3', 'redis://a:1,redis://b:2', 'http://a:1', 'redis://a,', 'redis://']) {
      expect(faultsOf({ ...NEEDED, REDIS_URL })).toEqual([
        expect.stringContaining('REDIS_URL: must be a redis:// address'),
      ]);
    }
  });

  it('never show a secret in a fault', () => {
    const faults = faultsOf({ ...NEEDED, HUB_ADMIN_KEY: 'hunter2', MONGO_URL: 'postgres://u:hunter2@db' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('take one base address per channel, without its last slash', () => {
    const settings = settingsOf({ HUB_SHOPEE_URL: 'http://127.0.0.1:4200/shopee/' });
    expect(settings.channelUrls).toEqual({ shopee: 'http://127.0.0.1:4200/shopee' });
    expect(faultsOf({ ...NEEDED, HUB_LAZADA_URL: 'ftp://x' })[0]).toContain('HUB_LAZADA_URL: must be an http');
  });

  it('read lists and ignore empty values', () => {
    const settings = settingsOf({ HUB_ROLES: 'worker', HUB_HOSTS: 'a.example, b.example', HUB_PORT: '' });
    expect(settings.HUB_ROLES).toEqual(['worker']);
    expect(settings.HUB_HOSTS).toEqual(['a.example', 'b.example']);
    expect(settings.HUB_PORT).toBe(4100);
  });

  it.each([
    ['mongodb://h:1', 'mongodb://h:1/sluice'],
    ['mongodb://u:p@h:1,h:2/?replicaSet=rs', 'mongodb://u:p@h:1,h:2/sluice?replicaSet=rs'],
    ['mongodb+srv://h/own?w=1', 'mongodb+srv://h/own?w=1'],
  ])('name a database of the hub where the address %s names none', (MONGO_URL, expected) => {
    expect(settingsOf({ MONGO_URL }).MONGO_URL).toBe(expected);
  });

  it('warn of a name that is no setting', () => {
    const loaded = loadSettings(CODES, { ...NEEDED, HUB_PROT: '1' });
    expect(loaded).toMatchObject({ kind: 'settings', warnings: ['HUB_PROT is no setting of the hub'] });
  });

  it('are each described', () => {
    for (const type of Object.values(SETTINGS_SHAPE)) expect(type.description).toMatch(/^.{10,}\.?$/);
  });
});
