import { parseJson, problem, type Call } from '../http/call';
import { toHundredths } from '../money';
import { CHANNELS, type Channel } from '../shop';

interface Bounds {
  least?: number;
  most?: number;
  whole?: boolean;
}

/** Reads the fields of a body one by one and collects every fault; `done` refuses with all of them at once. */
export class Form {
  private readonly errors: { path: string; message: string }[];
  private readonly read = new Set<string>();
  readonly fields: Record<string, unknown>;

  constructor(
    fields: unknown,
    private readonly path = '',
    parent?: Form,
  ) {
    this.errors = parent?.errors ?? [];
    const good = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
    this.fields = good ? (fields as Record<string, unknown>) : {};
    if (!good) this.fault('', 'must be an object');
  }

  static of(call: Call): Form {
    let body: unknown;
    try {
      body = parseJson(call.raw) ?? {};
    } catch {
      throw problem(400, 'the body is not JSON');
    }
    return new Form(body);
  }

  fault(name: string, message: string): void {
    const path = [this.path, name].filter((part) => part !== '').join('.');
    this.errors.push({ path, message });
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  raw(name: string): unknown {
    this.read.add(name);
    return this.fields[name];
  }

  number(name: string, fallback: number, bounds: Bounds = {}): number {
    return this.maybeNumber(name, bounds) ?? fallback;
  }

  maybeNumber(
    name: string,
    { least = 0, most = Number.MAX_SAFE_INTEGER, whole = false }: Bounds = {},
  ): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value)))
      return value;
    this.fault(name, `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
    return undefined;
  }

  boolean(name: string, fallback = false): boolean {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    if (typeof value !== 'boolean') this.fault(name, 'must be true or false');
    return value === true;
  }

  maybeText(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string' && value !== '' && value.length <= 2000) return value;
    this.fault(name, 'must be a text of 1 to 2000 characters');
    return undefined;
  }

  text(name: string): string {
    const value = this.maybeText(name);
    if (!this.has(name)) this.fault(name, 'is required');
    return value ?? '';
  }

  choice<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    if (allowed.includes(value as T)) return value as T;
    this.fault(name, `must be one of ${allowed.join(', ')}`);
    return fallback;
  }

  channels(name: string): readonly Channel[] {
    const list = this.raw(name);
    if (list === undefined) return CHANNELS;
    if (Array.isArray(list) && list.every((one) => CHANNELS.includes(one as Channel))) return list as Channel[];
    this.fault(name, `must be a list out of ${CHANNELS.join(', ')}`);
    return CHANNELS;
  }

  /** A list of up to 1,000 texts. */
  texts(name: string): string[] | undefined {
    const list = this.raw(name);
    if (list === undefined) return undefined;
    const good = Array.isArray(list) && list.length <= 1000;
    if (good && list.every((one) => typeof one === 'string' && one !== '' && one.length <= 200))
      return list as string[];
    this.fault(name, 'must be a list of texts');
    return undefined;
  }

  amount(name: string, fallback: number): number {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    const hundredths = toHundredths(value);
    if (hundredths === undefined) this.fault(name, 'must be an amount such as "12.50"');
    return hundredths ?? fallback;
  }

  list(name: string): Form[] {
    const list = this.raw(name);
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      this.fault(name, 'must be a list');
      return [];
    }
    const path = [this.path, name].filter((part) => part !== '').join('.');
    return list.map((entry, index) => new Form(entry, `${path}.${index}`, this));
  }

  nested(name: string): Form | undefined {
    const value = this.raw(name);
    const path = [this.path, name].filter((part) => part !== '').join('.');
    return value === undefined ? undefined : new Form(value, path, this);
  }

  /** Names what nobody read, then refuses if anything was wrong. */
  done(): void {
    this.refuseUnknown();
    if (this.errors.length > 0) throw problem(422, 'the body has faults', this.errors);
  }

  refuseUnknown(): void {
    for (const name of Object.keys(this.fields)) if (!this.read.has(name)) this.fault(name, 'is unknown');
  }
}

export function channelOf(call: Call): Channel {
  const channel = CHANNELS.find((name) => name === call.params['channel']);
  if (channel === undefined) throw problem(404, `no channel ${call.params['channel'] ?? ''}`);
  return channel;
}
