import { randomUUID } from 'node:crypto';
import type { SellerId, ShopId, TokenState } from '../domain';
import type { Seal, SealPlace } from '../platform/seal';

/** What lets the hub call the channel for a shop; instants in ms. */
export interface ShopTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly accessTokenExpiresAt?: number;
  readonly refreshTokenExpiresAt?: number;
}

/** Tokens as a shop's document holds them. */
export interface SealedTokens {
  readonly tokens: string;
  readonly tokenState: TokenState;
}

interface ShopRef {
  readonly id: ShopId;
  readonly seller: SellerId;
}

/** Seals a pair, with what is to be known of it without opening it. */
export function sealTokens(
  seal: Seal,
  shop: ShopRef,
  pair: { readonly tokens: ShopTokens; readonly grantedAt: number; readonly gotAt: number; readonly endsAt?: number },
): SealedTokens {
  const { tokens, ...instants } = pair;
  const { accessToken: _access, refreshToken, ...ends } = tokens;
  const known = { isPresent: true, canRefresh: refreshToken !== undefined, pair: randomUUID() };
  return {
    tokens: seal.seal(JSON.stringify(tokens), placeOf(shop)),
    tokenState: { ...known, ...instants, ...ends },
  };
}

export function openTokens(seal: Seal, shop: ShopRef, envelope: string): ShopTokens {
  return JSON.parse(seal.open(envelope, placeOf(shop))) as ShopTokens;
}

const placeOf = (shop: ShopRef): SealPlace => [shop.seller, shop.id, 'tokens'];
