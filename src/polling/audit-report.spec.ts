import { EMPTY_REPORT, inWords, MOST_NAMED, withPage, type AuditFinding } from './audit-report';

const finding = (externalId: string, changes: Partial<AuditFinding> = {}): AuditFinding => ({
  externalId,
  differences: ['state'],
  isMended: false,
  ...changes,
});
const page = (findings: readonly AuditFinding[], day = '2026-05-01') => ({
  ...{ day, channel: 10, here: 9, unread: 1, findings },
});

describe('the report of an audit', () => {
  it('adds up the pages of a day, and keeps the days apart', () => {
    const first = withPage(EMPTY_REPORT, page([finding('a', { differences: ['missing'], isMended: true })]));
    const second = withPage(first, page([finding('b', { differences: ['state', 'money'] })]));
    const third = withPage(second, page([], '2026-05-02'));
    const none = { missing: 0, unknown: 0, state: 0, money: 0, mended: 0 };
    expect(third.days).toEqual([
      { ...none, day: '2026-05-01', channel: 20, here: 18, unread: 2, missing: 1, state: 1, money: 1, mended: 1 },
      { ...none, day: '2026-05-02', channel: 10, here: 9, unread: 1 },
    ]);
    expect(third.orders.map(({ externalId, day }) => [externalId, day])).toEqual([
      ['a', '2026-05-01'],
      ['b', '2026-05-01'],
    ]);
  });

  it('names the first of very many', () => {
    const many = Array.from({ length: MOST_NAMED + 50 }, (_, at) => finding(`o${at}`));
    const report = withPage(EMPTY_REPORT, page(many));
    expect(report.orders).toHaveLength(MOST_NAMED);
    expect(report.days[0]?.state).toBe(MOST_NAMED + 50);
  });

  it('names those that were not mended before those that were, where not all can be named', () => {
    const mended = Array.from({ length: MOST_NAMED }, (_, at) => finding(`m${at}`, { isMended: true }));
    const report = withPage(withPage(EMPTY_REPORT, page(mended)), page([finding('left')]));
    expect(report.orders).toHaveLength(MOST_NAMED);
    expect(report.orders.filter(({ isMended }) => !isMended).map(({ externalId }) => externalId)).toEqual(['left']);
  });

  it('says in words what differs, and nothing when nothing does', () => {
    expect(inWords(withPage(EMPTY_REPORT, page([])))).toBeUndefined();
    const report = withPage(
      EMPTY_REPORT,
      page([finding('a', { isMended: true }), finding('b', { differences: ['unknown'] })]),
    );
    expect(inWords(report)).toBe('1 unknown at the channel, 1 in another state; 1 mended');
  });
});
