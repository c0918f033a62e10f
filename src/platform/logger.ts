import { AsyncLocalStorage } from 'node:async_hooks';
import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream } from 'pino';
import { masked } from './mask';

/** Ids that every line of a piece of work carries. */
export interface LogContext {
  readonly delivery?: string;
  readonly order?: string;
  readonly seller?: string;
  readonly shop?: string;
  readonly sku?: string;
  readonly position?: string;
  readonly job?: string;
  readonly campaign?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const contexts = new AsyncLocalStorage<LogContext>();

/** Everything logged inside `work` carries these ids, besides those of the work around it. */
export const withLogContext = <Result>(context: LogContext, work: () => Result): Result =>
  contexts.run({ ...contexts.getStore(), ...context }, work);

/** The same, without the ids of whatever happens to be around: for work that was put into a line. */
export const withOnlyLogContext = <Result>(context: LogContext, work: () => Result): Result =>
  contexts.run(context, work);

/** Structured log: fields first, then what happened. Secrets and personal data are masked by field name. */
export abstract class Log {
  abstract debug(fields: Fields, message: string): void;
  abstract info(fields: Fields, message: string): void;
  abstract warn(fields: Fields, message: string): void;
  abstract error(fields: Fields, message: string): void;
}

/** One JSON line per entry on standard output, or on `destination`. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: () => ({ ...contexts.getStore() }),
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => masked(fields) as Record<string, unknown>,
    },
    // The fields are plain already; pino's own serializer would take them for an error once more.
    serializers: { err: (fields: unknown) => fields },
  };
  // Written at once and in order: a process that is killed has said what it did.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: true }));
}

/** Nest's own lines, in the same log. Its start-up chatter is kept for `debug`. */
export class NestLog implements LoggerService {
  constructor(private readonly out: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.out.debug(fieldsOf(message, rest), textOf(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.out.warn(fieldsOf(message, rest), textOf(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.out.error(fieldsOf(message, rest), textOf(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.out.debug(fieldsOf(message, rest), textOf(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.out.debug(fieldsOf(message, rest), textOf(message));
  }
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : JSON.stringify(masked(message));
}

function fieldsOf(message: unknown, rest: readonly unknown[]): Fields {
  const texts = rest.filter((part) => typeof part === 'string');
  const stack = texts.find((text) => text.includes('\n'));
  const source = texts.findLast((text) => !text.includes('\n'));
  return {
    ...(source === undefined ? {} : { source }),
    ...(stack === undefined ? {} : { stack }),
    ...(message instanceof Error ? { err: message } : {}),
  };
}
