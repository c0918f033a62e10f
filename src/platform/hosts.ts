const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** The name in a `Host` header, without its port, in lower case. */
export const hostNameOf = (header: string | undefined): string =>
  (header ?? '')
    .trim()
    .toLowerCase()
    .replace(/:\d{1,5}$/, '');

export const isLoopbackName = (name: string): boolean => LOOPBACK.includes(name);

/** True for the address of a connection that comes from this machine. */
export const isLoopbackAddress = (address: string | undefined): boolean =>
  address === '::1' || /^(::ffff:)?127\./.test(address ?? '');

/** The names the API answers for: loopback, its public address and what was added by hand. */
export function ownHosts(publicUrl: string, added: readonly string[]): ReadonlySet<string> {
  return new Set([...LOOPBACK, hostNameOf(new URL(publicUrl).host), ...added.map(hostNameOf)]);
}
