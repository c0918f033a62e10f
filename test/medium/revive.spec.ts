import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { ReviveConnection } from '../../src/store/revive-connection';
import { SellersStore } from '../../src/store/sellers.store';
import { startTestHub, type TestHub } from '../support/test-hub';

describe('the connection to the database', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub();
  });
  afterAll(() => hub.stop());

  it('is opened anew when a heartbeat never ends, and the same stores go on', async () => {
    const connection = hub.app.get<Connection>(getConnectionToken());
    const revive = hub.app.get(ReviveConnection);
    const before = connection.getClient();
    expect(await revive.look()).toBe(false);

    before.emit('serverHeartbeatStarted', {} as never);
    expect(await revive.look(0)).toBe(true);

    expect(connection.getClient()).not.toBe(before);
    expect(await hub.app.get(SellersStore).find('nobody' as never)).toBeUndefined();
    expect((await fetch(`${hub.url}/health/ready`)).status).toBe(200);
    expect(await revive.look()).toBe(false);
  });
});
