import { signCall, signPush } from './sign';

const parameters = (fields: Record<string, string>): Map<string, string> => new Map(Object.entries(fields));

describe('Lazada signatures', () => {
  it('match the official sample', () => {
    const fields = {
      access_token: 'test',
      app_key: '123456',
      order_id: '1234',
      sign_method: 'sha256',
      timestamp: '1517820392000',
    };
    expect(signCall('/order/get', parameters(fields), { secret: 'helloworld' })).toBe(
      '4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A',
    );
  });

  it('sort names by code unit, the underscore before letters', () => {
    const fields = parameters({ foobar: '4', foo_bar: '3', foo: '1', bar: '2' });
    expect(signCall('/test/api', fields, { secret: '1234' })).toBe(
      '988085883BF9D32D251478D23122C7ECC91518CDF63BA22F792000A378F52409',
    );
  });

  it('leave out the signature itself and empty values', () => {
    const fields = {
      access_token: 'test-token',
      app_key: '123456',
      sign_method: 'sha256',
      timestamp: '1700000000000',
      sign: 'AB',
      empty: '',
    };
    expect(signCall('/order/cancel', parameters(fields), { secret: 'test-secret' })).toBe(
      '91375F42B474CECEE7172759B6400E74F10FBB6E9E9E145EA2A27DFA17556B18',
    );
  });

  it('of a push cover app key and raw body', () => {
    const body =
      '{"seller_id":"1234567","message_type":0,"data":{"order_status":"unpaid","trade_order_id":"260422900198363","trade_order_line_id":"260422900298363","status_update_time":1603698638},"timestamp":1603766859530,"site":"lazada_vn"}';
    expect(signPush('123456', 'helloworld', body)).toBe(
      'b0cfd0349e915667babf3c35e2335fb09653527421c46a94bd9e70e874c16322',
    );
  });
});
