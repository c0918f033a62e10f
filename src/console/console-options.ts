/** What the console needs besides the platform's options; app.module.ts hangs it. */
export abstract class ConsoleOptions {
  /** Most calls of one key in a minute, per process. */
  abstract readonly callsPerMinute: number;
}
