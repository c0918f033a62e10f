import type { CallContext, ShopAccess } from './connector';
import type { ChannelAnswer, ChannelRequest } from './http';

/** A channel for specs: answers by the request, and remembers what was asked. */
export interface ScriptedCall {
  readonly call: CallContext;
  readonly asked: readonly ChannelRequest[];
}

export type Script = (request: ChannelRequest, nth: number) => ChannelAnswer;

/** An answer with a JSON body. */
export const jsonAnswer = (value: unknown, status = 200, headers: ChannelAnswer['headers'] = {}): ChannelAnswer => ({
  status,
  headers,
  body: JSON.stringify(value),
});

/** Hands a connector a wire that answers by `script`. `now` in ms. */
export function scriptedCall(shop: ShopAccess, script: Script, now = 1_700_000_000_000): ScriptedCall {
  const asked: ChannelRequest[] = [];
  const http = (request: ChannelRequest): Promise<ChannelAnswer> =>
    Promise.resolve(script(request, asked.push(request) - 1));
  return { call: { http, shop, now: () => now }, asked };
}
