import type { Reply } from '../http/call';
import type { App } from '../shop';
import type { Ground } from '../world';
import { flat, refuse, success, type Fields, type PublicCall } from './door';
import { faceOfApp } from './faces';
import { signPush } from './sign';

/** 2xx with an empty body within 3 s. [S2 doc][S8] */
export const ACK_TIMEOUT_MS = 3000;

/** Codes that can be switched. [S2][S7 doc] */
const CODES = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 22, 23, 24, 25, 27, 28, 29, 30, 36, 37, 38, 47];
const MOST_BLOCKED = 500;

/** The message of a test, code 0: it may come unsigned, and no shop is meant. [S11][S10] */
export const VERIFICATION = JSON.stringify({
  code: 0,
  data: { verify_info: 'This is a Verification message.Please respond in the certain format.' },
});

export interface Verified {
  status: number | null;
  error: string | null;
  accepted: boolean;
}

/** Sends the verification message to an address and waits for its answer. */
export async function verify(ground: Ground, app: App, wish: { url: string; signed: boolean }): Promise<Verified> {
  const outcome = await ground.pushes().courier.carry({
    url: wish.url,
    body: VERIFICATION,
    headers: wish.signed ? { authorization: signPush(app.secret, wish.url, VERIFICATION) } : {},
    timeoutMs: ACK_TIMEOUT_MS,
  });
  const accepted = outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300;
  return { status: outcome.status ?? null, error: outcome.error ?? null, accepted };
}

/** `POST push/set_app_push_config`: the address is tried with an unsigned message of code 0 first. [S6 doc][S10] */
export function setPushConfig(ground: Ground): (call: PublicCall) => Promise<Reply> {
  return async ({ app, body }) => {
    const url = body['callback_url'];
    const face = faceOfApp(app);
    const on = codesOf(body, 'set_push_config_on');
    const off = codesOf(body, 'set_push_config_off');
    const blocked = body['blocked_shop_id_list'];
    if (blocked !== undefined && (!Array.isArray(blocked) || blocked.length > MOST_BLOCKED)) {
      throw refuse('error_param', `Wrong parameters, detail: blocked_shop_id_list has at most ${MOST_BLOCKED} ids.`);
    }
    if (url !== undefined) {
      if (typeof url !== 'string' || !URL.canParse(url)) throw refuse('error_param', 'Wrong callback_url.');
      const { accepted } = await verify(ground, app, { url, signed: false });
      if (!accepted) throw refuse('error_param', 'The callback_url did not answer the verification message.');
      app.hookUrl = url;
    }
    for (const code of on) face.pushesOff.delete(code);
    for (const code of off) face.pushesOff.add(code);
    if (blocked !== undefined) face.blockedShops = new Set((blocked as unknown[]).map(String));
    return success({ result: 'success' });
  };
}

function codesOf(body: Fields, name: string): number[] {
  const list = body[name] ?? [];
  if (!Array.isArray(list) || list.some((code) => !CODES.includes(Number(code)))) {
    throw refuse('error_param', `Wrong parameters, detail: ${name}.`);
  }
  return list.map(Number);
}

/** `GET push/get_app_push_config`, with the health of pushing. [S2][S6 doc] */
export function getPushConfig(ground: Ground): (call: PublicCall) => Reply {
  return ({ app }) => {
    const face = faceOfApp(app);
    const { standing, suspendedAtMs } = ground.pushes().subscriptions.health(app);
    return success({
      callback_url: app.hookUrl ?? '',
      live_push_status: standing,
      suspended_time: suspendedAtMs === undefined ? 0 : Math.floor(suspendedAtMs / 1000),
      blocked_shop_id_list: [...face.blockedShops].map(Number),
      push_config_on_list: CODES.filter((code) => !face.pushesOff.has(code)),
      push_config_off_list: CODES.filter((code) => face.pushesOff.has(code)),
    });
  };
}

/** `GET public/get_shopee_ip_ranges`: where calls come from; here from this machine. [S6 doc] */
export function readIpRanges(): (call: PublicCall) => Reply {
  return () => flat({ ip_list: ['127.0.0.1/32', '::1/128'] });
}
