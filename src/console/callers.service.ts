import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { sameText } from '../../connectors/kit';
import type { SellerId } from '../domain';
import { Clock } from '../platform/clock';
import { RootKey } from '../platform/root-key';
import { KeysStore, type KeyRecord } from '../store/keys.store';
import { SellersStore } from '../store/sellers.store';
import { ConsoleOptions } from './console-options';
import type { Principal } from './principal';
import { notFound, Refusal } from './refusal';

/** A removed key is dead in every process within 5 s; this leaves room for a slow read. */
const CACHED_MS = 2000;
const MOST_CACHED = 10_000;
const SCHEME = /^Bearer ([\x21-\x7e]{1,512})$/i;

interface Cached<Value> {
  readonly value: Value;
  readonly at: number;
}

/** Finds out who calls. */
@Injectable()
export class CallersService {
  private readonly keys = new Map<string, Cached<KeyRecord>>();
  private readonly sellers = new Map<string, Cached<true>>();
  private readonly limiter: RateLimiterMemory;

  constructor(
    options: ConsoleOptions,
    private readonly rootKey: RootKey,
    private readonly keysStore: KeysStore,
    private readonly sellersStore: SellersStore,
    private readonly clock: Clock,
  ) {
    this.limiter = new RateLimiterMemory({ points: options.callsPerMinute, duration: 60 });
  }

  /**
   * Reads the headers of a call.
   * @throws Refusal 401 without a valid key, 404 for a seller that does not exist, 429 when the key calls too often.
   */
  async identify(authorization: string | undefined, actsFor: string | undefined): Promise<Principal> {
    const text = SCHEME.exec(authorization ?? '')?.[1];
    if (text === undefined) throw unauthenticated();
    const principal = this.rootKey.matches(text) ? await this.root(actsFor) : await this.ofKey(text);
    await this.spend(principal.key);
    return principal;
  }

  private async root(actsFor: string | undefined): Promise<Principal> {
    const root = { isRoot: true, key: 'root', person: 'root', roles: [] };
    if (actsFor === undefined) return root;
    if (!(await this.hasSeller(actsFor as SellerId))) throw notFound();
    return { ...root, seller: actsFor as SellerId };
  }

  private async ofKey(text: string): Promise<Principal> {
    const hash = hashOfKey(text);
    const key = this.fresh(this.keys, hash) ?? (await this.keysStore.findByHash(hash));
    if (key === undefined || !sameText(key.hash, hash)) throw unauthenticated();
    this.keep(this.keys, hash, key);
    return { isRoot: false, key: key.id, person: key.person, roles: key.roles, seller: key.seller };
  }

  private async hasSeller(id: SellerId): Promise<boolean> {
    const isKnown = this.fresh(this.sellers, id) ?? (await this.sellersStore.find(id)) !== undefined;
    if (isKnown) this.keep(this.sellers, id, true);
    return isKnown;
  }

  private fresh<Value>(cache: Map<string, Cached<Value>>, id: string): Value | undefined {
    const cached = cache.get(id);
    return cached && this.clock.now() - cached.at < CACHED_MS ? cached.value : undefined;
  }

  /** Keeps what was just read; what was kept before keeps its age. */
  private keep<Value>(cache: Map<string, Cached<Value>>, id: string, value: Value): void {
    if (this.fresh(cache, id) !== undefined) return;
    if (cache.size >= MOST_CACHED) cache.clear();
    cache.set(id, { value, at: this.clock.now() });
  }

  private async spend(key: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const headers = { 'retry-after': String(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))) };
      throw new Refusal(429, 'too-many', { detail: 'This key calls too often.', headers });
    }
  }
}

/** What is stored of a key. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

const unauthenticated = (): Refusal =>
  new Refusal(401, 'unauthenticated', {
    detail: 'A valid key is needed.',
    headers: { 'www-authenticate': 'Bearer realm="sluice"' },
  });
