import { openDrill } from './drill';
import { NO_FAULTS } from './faults';
import { FAULTS, STEPS, curlOf } from './manual';
import { Client } from './testing/client';

describe('the printed manual', () => {
  let client: Client;
  beforeAll(async () => {
    client = await Client.start();
    await openDrill(client.sandbox);
  });
  afterAll(() => client.close());

  it.each([...FAULTS, ...STEPS].map((one) => [one.says, one] as const))('works as printed: %s', async (_says, one) => {
    const answer = await client.steer(one.method, one.path, one.body);
    expect([200, 201]).toContain(answer.status);
  });

  it('has an example of every fault', () => {
    const shown = new Set(FAULTS.flatMap((one) => Object.keys(one.body ?? {})));
    expect(Object.keys(NO_FAULTS).filter((name) => !shown.has(name))).toEqual([]);
  });

  it('names the address, the shops and each command', async () => {
    const text = await openDrill(client.sandbox);
    for (const one of [...FAULTS, ...STEPS]) expect(text).toContain(curlOf(client.sandbox.url, one));
    expect(text).toContain(`lazada: base ${client.sandbox.url}/lazada, app 100200`);
  });
});
