import { randomBytes } from 'node:crypto';
import { Seal } from './seal';

const key = () => randomBytes(32).toString('base64');
const place = ['s1', 'app-1', 'secret'];

describe('a seal', () => {
  it('gives back what it sealed, and shows nothing of it', () => {
    const seal = new Seal([key()]);
    const envelope = seal.seal('größte Vorsicht', place);
    expect(envelope).not.toContain('Vorsicht');
    expect(seal.open(envelope, place)).toBe('größte Vorsicht');
  });

  it('seals an empty text', () => {
    const seal = new Seal([key()]);
    expect(seal.open(seal.seal('', place), place)).toBe('');
  });

  it('never seals the same text to the same bytes', () => {
    const seal = new Seal([key()]);
    expect(seal.seal('x', place)).not.toBe(seal.seal('x', place));
  });

  it.each([
    [['s2', 'app-1', 'secret']],
    [['s1', 'app-2', 'secret']],
    [['s1', 'app-1', 'token']],
    [['s1|app-1', 'secret', '']],
  ])('does not open at another place: %j', (elsewhere) => {
    const seal = new Seal([key()]);
    expect(() => seal.open(seal.seal('x', place), elsewhere)).toThrow('does not open');
  });

  it('does not open when a byte was changed or the tag was cut', () => {
    const seal = new Seal([key()]);
    const [id, iv, tag, data] = seal.seal('secret', place).split('.') as [string, string, string, string];
    const changed = Buffer.from(data, 'base64url');
    changed[0] = (changed[0] ?? 0) ^ 1;
    expect(() => seal.open([id, iv, tag, changed.toString('base64url')].join('.'), place)).toThrow('does not open');
    expect(() => seal.open([id, iv, tag.slice(0, 6), data].join('.'), place)).toThrow('does not open');
    expect(() => seal.open('x', place)).toThrow('no envelope');
  });

  it('opens what an earlier key sealed and says which key is missing', () => {
    const [old, present] = [key(), key()];
    const envelope = new Seal([old]).seal('x', place);
    expect(new Seal([present, old]).open(envelope, place)).toBe('x');
    expect(() => new Seal([present]).open(envelope, place)).toThrow(envelope.split('.')[0]);
  });
});
