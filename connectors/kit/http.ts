/** One HTTP call to a channel. The hub hands in the function; a connector never opens a connection by itself. */
export interface ChannelRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole address with its query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * `read` may be repeated inside the call (axios-retry); `write` never is: the push job repeats it after a read-back.
   */
  readonly effect: 'read' | 'write';
}

export interface ChannelAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text as it came, at most 8 MiB. */
  readonly body: string;
}

/**
 * Answers with whatever status the channel gave below 500.
 * @throws ChannelError `unavailable` for 5xx, time-outs, cut connections and an open breaker; `throttled` for 429.
 */
export type ChannelHttp = (request: ChannelRequest) => Promise<ChannelAnswer>;
