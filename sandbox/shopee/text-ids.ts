const ID = /(^|_)(id|sn)(_list)?$|^shop_expire_soon$/;

/** The same answer with every id as a text: numbers sometimes arrive as strings. [S2][S14] */
export function asTexts(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => asTexts(one, name));
  if (typeof value === 'number') return ID.test(name) ? String(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asTexts(inner, key)]));
}
