import { isPublicAddress, mayBeNamed, publicLookup } from './public-address';

describe('isPublicAddress', () => {
  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700:4700::1111'])('takes %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['224.0.0.1', '255.255.255.255', '198.18.0.1', '203.0.113.9'],
    ...['::1', '::', 'fe80::1', 'fd00:ec2::254', 'ff02::1'],
    ...['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:0:1::'],
    ...['', 'localhost', '1.2.3', '0x7f000001'],
  ])('refuses %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('mayBeNamed', () => {
  it.each([
    ['https://shop.example/hub', true],
    ['https://1.1.1.1/', true],
    ['http://shop.example', false],
    ['https://127.0.0.1', false],
    // The URL parser brings the odd forms of a number to the plain one.
    ['https://0x7f.1', false],
    ['https://2130706433', false],
    ['https://[::ffff:10.0.0.1]/', false],
    ['https://somebody:word@shop.example', false],
    ['shop.example', false],
  ])('%s: %s', (address, expected) => {
    expect(mayBeNamed(address)).toBe(expected);
  });
});

describe('publicLookup', () => {
  it('refuses a name that leads to this machine', async () => {
    const error = await new Promise((done) => {
      publicLookup('localhost', { all: true }, done);
    });
    expect(error).toMatchObject({ code: 'ERR_NOT_PUBLIC' });
  });
});
