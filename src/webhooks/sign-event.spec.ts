import { createHmac } from 'node:crypto';
import { signEvent } from './sign-event';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const EVENT = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', now: 1_614_265_330_999, body: '{"test": 2432232314}' };

describe('signEvent', () => {
  it("gives the signature of the Standard Webhooks' own example", () => {
    expect(signEvent(SECRET, EVENT)).toEqual({
      'webhook-id': EVENT.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is what a receiver computes from the three headers and the body', () => {
    const headers = signEvent(SECRET, { ...EVENT, body: '{"größe":1}' });
    const key = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const signed = `${headers['webhook-id'] ?? ''}.${headers['webhook-timestamp'] ?? ''}.{"größe":1}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  });

  it.each([
    { ...EVENT, id: 'another' },
    { ...EVENT, now: EVENT.now + 1 },
    { ...EVENT, body: '{"test": 2432232315}' },
  ])('changes with the id, the second and the body: %j', (changed) => {
    expect(signEvent(SECRET, changed)['webhook-signature']).not.toBe(signEvent(SECRET, EVENT)['webhook-signature']);
  });
});
