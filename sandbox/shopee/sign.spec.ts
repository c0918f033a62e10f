import { signCall, signPush } from './sign';

describe('Shopee signatures', () => {
  it('of a public call match the recorded one', () => {
    expect(signCall('shop-secret', ['123456', '/api/v2/shop/auth_partner', '1700000000'])).toBe(
      '2e83c24023151cdb339e7f0ebb9422f1dfef013ac3c9689d62468e190851c3ca',
    );
  });

  it('of a shop call cover token and shop', () => {
    expect(signCall('shop-secret', ['123456', '/api/v2/product/update_stock', 1700000000, 'tok-abc', '7890'])).toBe(
      'e6947601fd6ee00ad9d17564d078984cac4985c2221dac16217242171fd76e43',
    );
  });

  it('of a push cover address, bar and raw body', () => {
    const body =
      '{"shop_id": 123, "code": 1, "success": 1, "extra": "shop_id 123 is authorized successfully", "data": {"more_info": "more info"}, "timestamp": 1470198856}';
    expect(signPush('chave-de-teste-nao-e-credencial', 'http://www.example.com/example/uri', body)).toBe(
      '501aac61724c5ebfcbf8759d47a4e155ad45f4e1f766e5407a2a9c05ac76c950',
    );
  });
});
