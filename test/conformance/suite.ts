import { CHANNELS } from '../../connectors';
import type { ConformanceData, Connector } from '../../connectors/kit';
import capabilities from './capabilities.json';
import { Room } from './room';

/** A channel and the data that it brings. */
export interface Subject {
  readonly code: string;
  readonly connector: Connector;
  readonly data: ConformanceData;
}

const subjects: readonly Subject[] = CHANNELS.map((connector) => {
  const { code } = connector.manifest;
  const brought = jest.requireActual<{ conformance: ConformanceData }>(`../../connectors/${code}/conformance`);
  return { code, connector, data: brought.conformance };
});

/** A capability, how a connector says that it has it, and why it may have none. */
export interface Capability {
  readonly name: string;
  /** What the connector has for it; undefined where it has nothing, which is then shown as `-`. */
  readonly of: (subject: Subject) => unknown;
  readonly without: string;
}

/** Has every channel show one capability: the tests run for each that has it, with a room of its own. */
export function conform({ name, of, without }: Capability, tests: (subject: Subject, room: () => Room) => void): void {
  if (!capabilities.includes(name)) throw new Error(`capabilities.json has no ${name}`);
  describe.each(subjects.map((subject) => [subject.code, subject] as const))('%s', (_code, subject) => {
    describe(name, () => {
      if (of(subject) === undefined) {
        it(`- ${without}`, () => expect(of(subject)).toBeUndefined());
        return;
      }
      let room: Room;
      beforeAll(async () => (room = await Room.open(subject)));
      afterAll(() => room.close());
      tests(subject, () => room);
    });
  });
}

/** What every channel has. */
export const always = (name: string): Capability => ({ name, of: () => true, without: '' });
