/** `later`: the same call may succeed. `never`: it will not. `operator`: it will once a person did something. */
export type Retry = 'later' | 'never' | 'operator';

/** The closed list of what goes wrong inside the hub, as callers and problem details know it. */
export type HubErrorCode =
  /** Too much is waiting already. */
  | 'busy'
  /** The database did not take or give something. */
  | 'store'
  /** The queues cannot be reached. */
  | 'queue'
  /** Somebody else changed the same thing first, too often. */
  | 'conflict'
  /** A stored secret cannot be opened with the keys this process has. */
  | 'unsealable'
  /** Something that must be set up is missing. */
  | 'missing'
  /** A mistake of the hub. */
  | 'fault';

/** The hub's own error. What a channel answers is a `ChannelError`; expected results are no errors at all. */
export class HubError extends Error {
  override readonly name = 'HubError';

  constructor(
    readonly code: HubErrorCode,
    readonly retry: Retry,
    options: { readonly message: string; readonly cause?: unknown },
  ) {
    super(options.message, { cause: options.cause });
  }
}

/** Why the process does not start; its message is the one line that is printed. */
export class BootRefusal extends Error {
  override readonly name = 'BootRefusal';
}
