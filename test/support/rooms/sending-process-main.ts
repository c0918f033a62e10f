import { armCrashPoint } from '../../../src/platform/crash-point';
import { SendEventsWorker } from '../../../src/webhooks/send-events.worker';
import { openRooms, type Place } from './open-rooms';

/** A process that sends what webhooks are due, and dies at the point that it is told. */
process.on('message', ({ place, crashAt }: { place: Place; crashAt: string }) => {
  void (async () => {
    const rooms = await openRooms({ place });
    armCrashPoint(crashAt);
    await rooms.get(SendEventsWorker).begin();
    await rooms.get(SendEventsWorker).rest();
    process.exit(0);
  })();
});
