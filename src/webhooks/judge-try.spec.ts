import type { ReceiverAnswer } from '../platform/receiver-calls';
import { GIVE_UP_MS, judgeTry, silenceAfter, type Tried } from './judge-try';

const FIRST: Tried = { at: 1000, tries: 0, now: 2000, random: () => 1, pace: (ms) => ms };
const judge = (answer: ReceiverAnswer, changes: Partial<Tried> = {}) => judgeTry(answer, { ...FIRST, ...changes });
const status = (code: number): ReceiverAnswer => ({ kind: 'answered', status: code });

describe('judgeTry', () => {
  it.each([200, 202, 204, 299])('%i is taken', (code) => {
    expect(judge(status(code))).toEqual({ state: 'delivered', tries: 1, triedAt: 2000, status: code });
  });

  it.each([199, 300, 301, 307, 400, 404, 410, 500, 503])('%i is not, and is tried again', (code) => {
    expect(judge(status(code))).toEqual({ state: 'waiting', tries: 1, triedAt: 2000, status: code, due: 3000 });
  });

  it('tries later and later, at most a quarter of an hour apart', () => {
    const waits = [0, 1, 2, 3, 9, 10, 500].map((tries) => (judge(status(500), { tries }).due ?? 0) - FIRST.now);
    expect(waits).toEqual([1000, 2000, 4000, 8000, 512_000, 900_000, 900_000]);
  });

  it('draws each wait between nothing and its most', () => {
    expect(judge(status(500), { tries: 3, random: () => 0 }).due).toBe(FIRST.now);
  });

  it('comes back when the receiver says', () => {
    const answer: ReceiverAnswer = { kind: 'answered', status: 429, afterMs: 60_000 };
    expect(judge(answer, { random: () => 0 }).due).toBe(62_000);
  });

  it('says why there was no answer', () => {
    expect(judge({ kind: 'unanswered', why: 'ECONNREFUSED' })).toMatchObject({ state: 'waiting', why: 'ECONNREFUSED' });
    expect(judge({ kind: 'forbidden' })).toMatchObject({ state: 'waiting', why: expect.stringContaining('public') });
  });

  it('gives up after three days, but takes a yes even then', () => {
    const late = { now: FIRST.at + GIVE_UP_MS };
    expect(judge(status(500), { now: late.now - 1 }).state).toBe('waiting');
    expect(judge(status(500), late)).toEqual({ state: 'failed', tries: 1, triedAt: late.now, status: 500 });
    expect(judge(status(200), late).state).toBe('delivered');
  });
});

describe('silenceAfter', () => {
  const after = (answer: ReceiverAnswer): number => silenceAfter(answer, 20, () => 1);

  it('is a minute at most after a no, for the next event may be taken', () => {
    expect(after(status(500))).toBe(60_000);
  });

  it('is longer where the receiver says so, or says nothing', () => {
    expect(after({ ...status(503), afterMs: 600_000 } as ReceiverAnswer)).toBe(601_000);
    expect(after({ kind: 'unanswered', why: 'ECONNREFUSED' })).toBe(900_000);
  });
});
