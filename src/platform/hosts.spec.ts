import { hostNameOf, isLoopbackAddress, ownHosts } from './hosts';

describe('the hosts of the API', () => {
  it('are loopback, the public address and what was added', () => {
    const hosts = ownHosts('https://hub.example:8443', ['Hub.Internal:4100']);
    const isOwn = (header?: string) => hosts.has(hostNameOf(header));
    expect(['127.0.0.1:4100', 'LOCALHOST', '[::1]:4100', 'hub.example', 'hub.internal'].map(isOwn)).toEqual(
      Array.from({ length: 5 }, () => true),
    );
    expect(['evil.example', 'hub.example.evil', '', undefined, '127.0.0.1.evil'].map(isOwn)).toEqual(
      Array.from({ length: 5 }, () => false),
    );
  });

  it('know a connection from this machine', () => {
    expect(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', undefined].map(isLoopbackAddress)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
