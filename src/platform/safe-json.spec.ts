import { safeJson } from './safe-json';

describe('JSON from outside', () => {
  it.each(['{"a":[1,"]}\\"",{"b":null}]}', '7', '"{{{"', `${'['.repeat(32)}${']'.repeat(32)}`])('reads %s', (text) => {
    expect(safeJson(text)).toEqual({ kind: 'value', value: JSON.parse(text) });
  });

  it.each([
    ['{"a":', 'no JSON'],
    ['', 'no JSON'],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'deeper than 32'],
    ['{"a":'.repeat(1000), 'deeper than 32'],
    ['{"a":{"__proto__":{"admin":true}}}', '__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['[{"constructor":{"prototype":{"x":1}}}]', 'constructor'],
  ])('refuses %s', (text, detail) => {
    expect(safeJson(text)).toMatchObject({ kind: 'refused', detail: expect.stringContaining(detail) as string });
  });

  it('lets a plain field called constructor pass', () => {
    expect(safeJson('{"constructor":"ACME"}').kind).toBe('value');
  });
});
