import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { hostNameOf, isLoopbackAddress, isLoopbackName } from './hosts';

/** The root key, compared in constant time. */
export class RootKey {
  readonly #digest: Buffer;

  constructor(key: string) {
    this.#digest = digestOf(key);
  }

  matches(key: string): boolean {
    return timingSafeEqual(this.#digest, digestOf(key));
  }

  /** True for `Bearer KEY`, and for `Basic` with the key as password, which is what a browser can send. */
  isIn(authorization: string | undefined): boolean {
    const [scheme = '', credentials = ''] = (authorization ?? '').split(' ');
    if (scheme.toLowerCase() === 'bearer') return this.matches(credentials);
    if (scheme.toLowerCase() !== 'basic') return false;
    const pair = Buffer.from(credentials, 'base64').toString();
    return this.matches(pair.slice(pair.indexOf(':') + 1));
  }
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** A caller on this machine, and no proxy on it that speaks for others. */
export function isLocal(request: FastifyRequest): boolean {
  const { headers, socket } = request;
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => headers[name] !== undefined);
  return !isForwarded && isLoopbackAddress(socket.remoteAddress) && isLoopbackName(hostNameOf(headers.host));
}
