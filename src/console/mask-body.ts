const PERSONAL = new Set(
  `name firstname lastname fullname buyername recipientname buyerusername username customername customerfirstname
  customerlastname phone phone1 phone2 mobile email mail address address1 address2 address3 address4 address5
  fulladdress street zip zipcode postcode postalcode taxcode nationalregistrationnumber note buyernote message
  nationalid cpf buyercpfid`.split(/\s+/),
);
const PLACES = /^(buyer|customer|recipient|receiver|shipping|billing|address)/;
const SECRETS = /(secret|token|password|sign|signature)$/;
const MASK = '***';

/** A push's bytes as an operator may see them: JSON with buyers' fields and secrets masked; anything else only counted. */
export function maskBody(bytes: Buffer): { readonly isJson: boolean; readonly body: unknown } {
  try {
    return { isJson: true, body: masked(JSON.parse(bytes.toString('utf8'))) };
  } catch {
    return { isJson: false, body: `${bytes.length} bytes that are no JSON` };
  }
}

function masked(value: unknown, isPersonal = false): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, isPersonal));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, field(name, item, isPersonal)]));
  }
  return isPersonal && value !== null ? MASK : value;
}

function field(name: string, value: unknown, isPersonal: boolean): unknown {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  const isId = plain.endsWith('id') && !PERSONAL.has(plain);
  if (SECRETS.test(plain)) return MASK;
  return masked(value, !isId && (isPersonal || PERSONAL.has(plain) || PLACES.test(plain)));
}
