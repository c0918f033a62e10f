/** Why a whole call to a channel failed. Connectors classify, rooms decide. */
export type ChannelFailure =
  /**
   * Too many calls. `afterMs` is the channel's own word when it gave one, or the time until a daily quota begins anew;
   * `scope` is who has to wait: this shop when it is left out.
   */
  | { readonly kind: 'throttled'; readonly afterMs?: number; readonly scope?: 'shop' | 'app' }
  /**
   * 5xx, time-out, cut connection, maintenance. `unanswered`: the call may have been carried out. `isOver`: the channel
   * itself said that it failed, so that nothing of it can still be on its way; never for a gateway's word (502, 504).
   */
  | {
      readonly kind: 'unavailable';
      readonly unanswered: boolean;
      readonly isOver?: true;
      readonly afterMs?: number;
    }
  /** The token or the signature is not accepted; only this shop is concerned. */
  | { readonly kind: 'unauthorized' }
  /** An answer that is not what the protocol says. */
  | { readonly kind: 'malformed' }
  /** The channel's final no, with its own code. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The only error a connector throws, and only for a whole call; what fails line by line is a result. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';

  constructor(
    readonly failure: ChannelFailure,
    /** The channel's own words, without secrets or buyers' data. */
    message: string,
  ) {
    super(message);
  }
}
