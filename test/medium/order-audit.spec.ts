import { ChannelError } from '../../connectors/kit';
import { keyOf, orderIdOf, type LongJobId } from '../../src/domain';
import { AuditOrdersService, type DayPlace, type DayStep } from '../../src/polling/audit-orders.service';
import { AuditWorker } from '../../src/polling/audit.worker';
import { LongJobsStore, type LongJob } from '../../src/store/long-jobs.store';
import { LongWork } from '../../src/store/long-work';
import { OrdersStore } from '../../src/store/orders.store';
import { ShopsStore } from '../../src/store/shops.store';
import { lineState, NO_TOTALS } from '../builders/orders';
import { DAY, MINUTE, PollingBench, SETTLED } from '../support/rooms/polling-bench';

const bench = new PollingBench();
const { channel, clock } = bench;

beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(async () => {
  channel.failures.length = 0;
  channel.unreadable.clear();
  channel.failing.clear();
  channel.pageSize = 3;
  channel.beforePage = async () => undefined;
  await bench.newShop();
});

const begin = (kind: 'sync-orders' | 'audit-orders', days: number): Promise<LongJob> =>
  bench.rooms
    .get(LongJobsStore)
    .begin({ seller: bench.seller, kind, about: bench.shop, wish: { days }, by: 'somebody' });

/** Does the job's steps as a worker would. */
async function run(job: LongJob): Promise<LongJob> {
  const jobs = bench.rooms.get(LongJobsStore);
  for (;;) {
    const claimed = await jobs.claim(keyOf(bench.seller, job.id) as LongJobId, 60_000);
    if (claimed === undefined) break;
    const step = bench.rooms.get(LongWork).of(job.kind);
    if (step === undefined) throw new Error(`nobody does ${job.kind}`);
    await jobs.enter(claimed, await step(claimed));
  }
  const after = await jobs.find(bench.seller, job.id);
  if (after === undefined) throw new Error('the job is gone');
  return after;
}

const audit = async (days = 1) => run(await begin('audit-orders', days));
const findings = (job: LongJob) =>
  (job.report['orders'] as readonly { externalId: string; differences: string[]; isMended: boolean }[])
    .map(({ externalId, differences, isMended }) => [externalId, differences.join(), isMended])
    .sort();

/** An order as it is here becomes another, behind everybody's back. */
async function tamper(externalId: string, change: object): Promise<void> {
  const order = await bench.order(externalId);
  if (order === undefined) throw new Error(`no order ${externalId}`);
  await bench.rooms.get(OrdersStore).swap({ ...order, ...change, v: order.v + 1 });
}

describe('the first synchronisation', () => {
  it('reads the days that were asked for, with progress, and writes nothing twice', async () => {
    for (const at of [0, 1, 2, 5, 9]) bench.sell(`o${at}`, at * DAY + MINUTE);
    const job = await run(await begin('sync-orders', 7));
    expect(job).toMatchObject({ state: 'done', done: 7, total: 7, report: { seen: 4, written: 4, notTakenCount: 0 } });
    expect(await bench.ordersHere()).toEqual(['o0', 'o1', 'o2', 'o5']);
    expect((await run(await begin('sync-orders', 7))).report).toMatchObject({ seen: 4, written: 0 });
  });

  it('goes on at the page where it stopped', async () => {
    for (let at = 0; at < 8; at += 1) bench.sell(`o${at}`, MINUTE);
    const job = await begin('sync-orders', 1);
    channel.failures.push(undefined, undefined, new ChannelError({ kind: 'unavailable', unanswered: false }, 'down'));
    const jobs = bench.rooms.get(LongJobsStore);
    const claimed = await jobs.claim(keyOf(bench.seller, job.id) as LongJobId, 60_000);
    await expect(bench.rooms.get(LongWork).of('sync-orders')!(claimed!)).rejects.toThrow('down');
    await jobs.fail(claimed!, 'down', { delayMs: 0 });
    const done = await run(job);
    expect(done).toMatchObject({ state: 'done', report: { seen: 8 } });
    expect(await bench.ordersHere()).toHaveLength(8);
  });

  it('names what it could not take', async () => {
    bench.sell('good', MINUTE);
    bench.sell('broken', MINUTE);
    channel.unreadable.add('broken');
    const { report } = await run(await begin('sync-orders', 1));
    expect(report).toMatchObject({ written: 1, notTakenCount: 1, notTaken: [{ externalId: 'broken' }] });
  });
});

describe('the order audit', () => {
  const sellAll = async () => {
    for (let at = 0; at < 7; at += 1) bench.sell(`o${at}`, SETTLED);
    await bench.poll();
  };

  it('finds nothing where nothing differs', async () => {
    await sellAll();
    const job = await audit();
    expect(job).toMatchObject({ state: 'done', report: { orders: [] } });
    expect(job.report['days']).toMatchObject([{ channel: 7, here: 7, missing: 0, unknown: 0, state: 0, money: 0 }]);
    expect(await bench.problems('audit')).toEqual([]);
  });

  it('finds an order that is missing, one in a wrong state, one with wrong money and one nobody knows', async () => {
    await sellAll();
    bench.sell('missing', 0);
    await tamper('o1', { status: 'cancelled', lines: [{ ...lineState('hat', { cancelled: 2 }), restocked: 0 }] });
    await tamper('o2', { totals: { ...NO_TOTALS, items: 1, paid: 1 } });
    const ghost = (await bench.order('o3'))!;
    const id = orderIdOf(bench.seller, bench.shop, 'ghost');
    await bench.rooms.get(OrdersStore).swap({ ...ghost, id, externalId: 'ghost', v: 1 });
    const job = await audit();
    expect(findings(job)).toEqual([
      ['ghost', 'unknown', false],
      ['missing', 'missing', true],
      ['o1', 'state', true],
      ['o2', 'money', true],
    ]);
    expect(job.report['days']).toMatchObject([{ missing: 1, unknown: 1, state: 1, money: 1, mended: 3 }]);
    const [problem] = await bench.problems('audit');
    expect(problem).toMatchObject({ shop: bench.shop });
    expect(problem?.detail).toContain(
      '1 missing here, 1 unknown at the channel, 1 in another state, 1 with other money',
    );
    expect(problem?.orders).toHaveLength(4);
    expect(await bench.order('missing')).toMatchObject({ status: 'paid' });
    expect(await bench.order('o1')).toMatchObject({ status: 'paid', lines: [{ cancelled: 0 }] });
    expect(await bench.order('o2')).toMatchObject({ totals: { items: 2000, paid: 2000 } });
  }, 30_000);

  it('compares all others when the reading of one fails in passing', async () => {
    await sellAll();
    channel.failing.set('o3', 1000);
    const job = await audit();
    expect(job).toMatchObject({ state: 'done', report: { orders: [], days: [{ channel: 7, here: 6, unread: 1 }] } });
  });

  it('compares what is only here a page at a time', async () => {
    await sellAll();
    const known = (await bench.order('o3'))!;
    const ghosts = Array.from({ length: 105 }, (_, at) => `ghost-${at}`);
    for (const externalId of ghosts) {
      const id = orderIdOf(bench.seller, bench.shop, externalId);
      await bench.rooms.get(OrdersStore).swap({ ...known, id, externalId, v: 1 });
    }
    const shop = (await bench.rooms.get(ShopsStore).find(bench.seller, bench.shop))!;
    const day = { name: 'a day', from: clock.now() - DAY, to: clock.now() + 1 };
    const found: number[] = [];
    for (let place: DayPlace | undefined = { ids: [] }; place !== undefined;) {
      const step: DayStep = await bench.rooms.get(AuditOrdersService).page(shop, day, place);
      found.push(step.page.findings.length);
      place = step.after;
    }
    expect(found).toEqual([0, 0, 0, 100, 5]);
  });

  it('tells that it failed, until one is through', async () => {
    await sellAll();
    const job = await begin('audit-orders', 1);
    await bench.rooms.get(LongWork).tellFailed(job, 'the channel answers no list');
    const [problem] = await bench.problems('audit');
    expect(problem).toMatchObject({ shop: bench.shop, detail: expect.stringContaining('the channel answers no list') });
    await run(job);
    expect(await bench.problems('audit')).toEqual([]);
  });

  it('closes its problem when a later one finds nothing', async () => {
    await sellAll();
    bench.sell('missing', 0);
    await audit();
    expect(await bench.problems('audit')).toHaveLength(1);
    expect(findings(await audit())).toEqual([]);
    expect(await bench.problems('audit')).toEqual([]);
  });

  it('takes an order that changes while it is audited for no difference', async () => {
    await sellAll();
    bench.sell('arriving', 0);
    const arrive = () => {
      clock.advance(10 * MINUTE);
      void bench.poll();
    };
    channel.beforePage = async () => {
      channel.beforePage = async () => undefined;
      setTimeout(arrive, 300);
    };
    const job = await audit();
    expect(findings(job)).toEqual([]);
    expect(await bench.ordersHere()).toContain('arriving');
  });

  it('goes day by day in the time zone of the shop', async () => {
    for (const at of [0, 1, 2, 3]) bench.sell(`o${at}`, at * DAY + SETTLED);
    const job = await audit(3);
    expect(job).toMatchObject({ done: 3, total: 3 });
    expect((job.report['days'] as { day: string; channel: number }[]).map(({ channel: count }) => count)).toEqual([
      1, 1, 1,
    ]);
    expect(findings(job).map(([name]) => name)).toEqual(['o0', 'o1', 'o2']);
  }, 30_000);

  it('is begun every night, once', async () => {
    await bench.poll();
    const worker = bench.rooms.get(AuditWorker);
    expect(await worker.sweep()).toBe(0);
    clock.advance(2 * DAY);
    expect(await worker.sweep()).toBe(1);
    expect(await bench.elsewhere.get(AuditWorker).sweep()).toBe(0);
    const { auditAt } = await bench.cursor();
    expect(auditAt).toBeGreaterThan(clock.now());
    expect(auditAt).toBeLessThan(clock.now() + 2 * DAY);
    const jobs = await bench.rooms.get(LongJobsStore).dueBefore(clock.now(), 10);
    const kinds = await Promise.all(jobs.map(({ id }) => bench.rooms.get(LongJobsStore).read(id)));
    expect(kinds.filter((job) => job?.about === bench.shop).map((job) => [job?.kind, job?.wish])).toEqual([
      ['audit-orders', { days: 3 }],
    ]);
  });
});
