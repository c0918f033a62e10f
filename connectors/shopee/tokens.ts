import { z } from 'zod';
import { ChannelError, idField, type AppCall, type ChannelFailure, type Tokens } from '../kit';
import { errorOf, exchangePublic, type ShopeeAnswer, type ShopeeRequest } from './wire';

const ids = z.array(idField).nullish().catch(undefined);
/** [S1] flat; `expire_in` in seconds, 14400 or slightly less. */
const pairSchema = z.object({
  access_token: z.string().min(1).max(4096),
  refresh_token: z.string().min(1).max(4096),
  expire_in: z.coerce.number().int().min(1).max(31_536_000),
  shop_id: idField.nullish().catch(undefined),
  shop_id_list: ids,
  merchant_id_list: ids,
});

/** A pair of tokens as it was given, with the shops it may be used for. */
export interface Pair {
  readonly tokens: Tokens & { readonly refreshToken: string };
  readonly shopId: string | undefined;
  readonly shopIds: readonly string[];
  readonly hasMerchants: boolean;
}

/** [S1] ids go as numbers; one that is no safe number goes as the text it is. */
export const numberOf = (id: string): number | string =>
  /^\d+$/.test(id) && Number.isSafeInteger(Number(id)) ? Number(id) : id;

/** Asks for a pair: single-use codes and single-use refresh tokens, so a call is a write and is never repeated. */
export function pairRequest(path: string, body: Readonly<Record<string, unknown>>): ShopeeRequest {
  return { method: 'POST', path, body, effect: 'write' };
}

function pairOf(answer: ShopeeAnswer, path: string, askedAt: number): Pair {
  const parsed = pairSchema.safeParse(answer.flat);
  if (!parsed.success) throw new ChannelError({ kind: 'malformed' }, `${path} answers without a pair of tokens`);
  const told = parsed.data;
  return {
    tokens: {
      accessToken: told.access_token,
      accessTokenExpiresAt: askedAt + told.expire_in * 1000,
      refreshToken: told.refresh_token,
    },
    shopId: told.shop_id ?? undefined,
    shopIds: told.shop_id_list ?? [],
    hasMerchants: (told.merchant_id_list ?? []).length > 0,
  };
}

/**
 * Makes the call of `pairRequest`. The life of the access token is counted from before the call.
 * @throws ChannelError with what `read` makes of the failure
 */
export async function askForPair(
  call: AppCall,
  request: ShopeeRequest,
  read: (failure: ChannelFailure, error: string) => ChannelFailure = (failure) => failure,
): Promise<Pair> {
  const askedAt = call.now();
  const answer = await exchangePublic(call, request);
  if (answer.error === '') return pairOf(answer, request.path, askedAt);
  const error = errorOf(call, request, answer);
  throw new ChannelError(read(error.failure, answer.error), error.message);
}
