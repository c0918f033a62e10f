import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';

const NOT_PUBLIC: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ...(['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'] as const),
  ...(['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'] as const),
  ...(['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'] as const),
  // Among them the forms that carry an IPv4 address: NAT64, 6to4 and Teredo.
  ...(['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', '2001:db8::/32', '2002::/16'] as const),
  ...(['fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'] as const),
].map((range) => {
  const [address = '', bits] = range.split('/');
  return [address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4'];
});

const blocked = new BlockList();
for (const range of NOT_PUBLIC) blocked.addSubnet(...range);

/** False for private, local, metadata and reserved addresses, for this machine's own, and for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || blocked.check(address, family === 6 ? 'ipv6' : 'ipv4')) return false;
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return !own.some((one) => one.address === address);
}

/** The code of an error about an address that a seller may not name. */
export const NOT_PUBLIC_CODE = 'ERR_NOT_PUBLIC';

const notPublic = (): NodeJS.ErrnoException =>
  Object.assign(new Error('the name leads to an address that is not public'), { code: NOT_PUBLIC_CODE });

/** Resolves a name once for the connection that is about to be made; refuses it when any of its addresses is not public. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, []);
    const [first] = found;
    if (first === undefined || !found.every(({ address }) => isPublicAddress(address))) callback(notPublic(), []);
    else if (options.all === true) callback(null, found);
    else callback(null, first.address, first.family);
  });
};

/** Whether a seller may name this address: https, and no number that is not public. Names are judged by `publicLookup`. */
export function mayBeNamed(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  return protocol === 'https:' && username === '' && (isIP(host) === 0 || isPublicAddress(host));
}
