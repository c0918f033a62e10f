import { channelUrlName, SECRET_SETTINGS, settingsSchema, type Settings } from './schema';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Loaded =
  | { readonly kind: 'settings'; readonly settings: Settings; readonly warnings: readonly string[] }
  /** One line for every fault there is. */
  | { readonly kind: 'faulty'; readonly faults: readonly string[] };

/** Reads the settings from the environment. An empty value is no value. */
export function loadSettings(channelCodes: readonly string[], env: Environment = process.env): Loaded {
  const schema = settingsSchema(channelCodes);
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]] as const] : [])),
  );
  const read = schema.safeParse(given);
  if (!read.success) {
    return { kind: 'faulty', faults: read.error.issues.map(({ path, message }) => faultLine(path, message, given)) };
  }
  const data = read.data as unknown as Omit<Settings, 'channelUrls' | 'HUB_PUBLIC_URL'> & { HUB_PUBLIC_URL?: string };
  const urls = channelCodes.flatMap((code) => {
    const url = data[channelUrlName(code) as keyof typeof data] as string | undefined;
    return url === undefined ? [] : [[code, url] as const];
  });
  const settings: Settings = {
    ...data,
    HUB_PUBLIC_URL: data.HUB_PUBLIC_URL ?? `http://127.0.0.1:${data.HUB_PORT}`,
    channelUrls: Object.fromEntries(urls),
  };
  return { kind: 'settings', settings, warnings: unknownNames(Object.keys(schema.shape), env) };
}

function faultLine(path: readonly PropertyKey[], message: string, given: Environment): string {
  const name = String(path[0]);
  const isShown = given[name] !== undefined && !SECRET_SETTINGS.includes(name);
  return `${name}: ${message}${isShown ? ` (is ${JSON.stringify(given[name])})` : ''}`;
}

function unknownNames(known: readonly string[], env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('HUB_') && !known.includes(name))
    .map((name) => `${name} is no setting of the hub`);
}
