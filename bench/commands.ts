import type { CommandStartedEvent, MongoClient } from 'mongodb';

/** How often a command of one shape was sent: `orders.find _id`. */
export type CommandCounts = Readonly<Record<string, number>>;

const NOT_COUNTED = new Set(['hello', 'ismaster', 'ping', 'endSessions', 'createIndexes', 'killCursors']);

/** Counts what one client sends to the database; the client must have been opened with `monitorCommands`. */
export class Commands {
  #counts: Record<string, number> = {};

  constructor(client: Pick<MongoClient, 'on'>) {
    client.on('commandStarted', (event: CommandStartedEvent) => this.#count(event));
  }

  /** The counts since the last time. */
  take(): CommandCounts {
    const counts = this.#counts;
    this.#counts = {};
    return counts;
  }

  #count({ commandName, command }: CommandStartedEvent): void {
    if (NOT_COUNTED.has(commandName)) return;
    const fields = commandName === 'find' ? ` ${Object.keys(command['filter'] as object).join('+')}` : '';
    const collection = commandName === 'getMore' ? command['collection'] : command[commandName];
    const name = `${String(collection)}.${commandName}${fields}`;
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }
}

/** What only sweeps send, however few orders there are. */
export const isSweep = (name: string): boolean => name.endsWith('.find due');

/** What is sent between the arrival of a push and the commit of its stock; the rest is what follows from it. */
export const isOnTheWay = (name: string): boolean =>
  ['deliveries.insert', 'deliveries.find _id', 'listings.find seller+shop+key', 'positions.find _id'].includes(name) ||
  ['orders.find _id', 'orders.insert', 'orders.update', 'positions.update', 'positions.insert'].includes(name) ||
  name === 'deliveries.update' ||
  name.startsWith('moves.');

export const totalOf = (counts: CommandCounts, belongs: (name: string) => boolean): number =>
  Object.entries(counts).reduce((sum, [name, count]) => (belongs(name) ? sum + count : sum), 0);
