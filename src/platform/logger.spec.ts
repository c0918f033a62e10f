import { createLog, NestLog, withLogContext } from './logger';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, log: createLog('info', destination) };
}

describe('the log', () => {
  it('carries the ids of the work around a line, also over a wait', async () => {
    const { lines, log } = capture();
    await withLogContext({ seller: 's1' }, () =>
      withLogContext({ delivery: 'd1', order: 'o1' }, async () => {
        await Promise.resolve();
        log.info({ took: 3 }, 'order read');
      }),
    );
    log.info({}, 'outside');
    expect(lines[0]).toMatchObject({ level: 'info', seller: 's1', delivery: 'd1', order: 'o1', msg: 'order read' });
    expect(lines[1]).not.toHaveProperty('seller');
  });

  it('masks what is secret or personal', () => {
    const { lines, log } = capture();
    log.error({ buyer: { phone: '+65 1' }, err: new Error('x?sign=abc') }, 'failed');
    expect(JSON.stringify(lines)).not.toMatch(/\+65 1|abc/);
    expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'x?sign=***' } });
  });

  it("has Nest's errors with their stack and source", () => {
    const { lines, log } = capture();
    new NestLog(log).error('broken', 'Error: broken\n  at x', 'Router');
    new NestLog(log).log('started', 'Router');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'error', source: 'Router', msg: 'broken' });
  });
});
