import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SellerId } from '../domain';
import type { KeyRole } from '../store/keys.store';
import { Refusal } from './refusal';

/** A role of a key, or the root key itself. */
export type Role = KeyRole | 'root';

/** Who calls. */
export interface Principal {
  readonly isRoot: boolean;
  /** The key's id; `root` for the root key. */
  readonly key: string;
  readonly person: string;
  readonly roles: readonly KeyRole[];
  /** Absent for a root key that acts for nobody. */
  readonly seller?: SellerId;
}

/** A call: who, and the version that a write is based on. */
export interface CallOf extends Principal {
  readonly ifMatch?: string;
}

/** A call for a seller. */
export interface SellerCall extends CallOf {
  readonly seller: SellerId;
}

/** A request after the guard. */
export interface KnownRequest extends FastifyRequest {
  principal?: Principal;
}

/** Who calls, as the guard found out. */
export function principalOf(request: KnownRequest): Principal {
  if (request.principal === undefined) throw new Refusal(401, 'unauthenticated', { detail: 'A valid key is needed.' });
  return request.principal;
}

/** How moves, retries and logs name who did it. */
export const nameOf = (principal: Principal): string => principal.person;

/** The caller, whoever it acts for. */
export const AnyCaller = createParamDecorator((_: unknown, context: ExecutionContext): CallOf => callOf(context));

/** The caller and the seller it acts for. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): SellerCall =>
  sellerCallOf(context),
);

/** The version that a write is based on. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => callOf(context).ifMatch,
);

/** @throws Refusal 403 where the root key acts for nobody. */
export function sellerCallOf(context: ExecutionContext): SellerCall {
  const call = callOf(context);
  const { seller } = call;
  if (seller === undefined) {
    throw new Refusal(403, 'no-seller', { detail: 'Name the seller to act for in the header Sluice-Seller.' });
  }
  return { ...call, seller };
}

function callOf(context: ExecutionContext): CallOf {
  const request = context.switchToHttp().getRequest<KnownRequest>();
  const ifMatch = request.headers['if-match'];
  return { ...principalOf(request), ...(ifMatch !== undefined && { ifMatch }) };
}
